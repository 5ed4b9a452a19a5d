using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using MakeVideo.Contracts;

namespace MakeVideo.Transcription;

/// <summary>The model files, each known by its SHA-256: a wrong or half-copied one is never loaded.</summary>
internal sealed class ModelFiles(TranscriptionOptions options)
{
    public const string MoonshineEncoder = "moonshine-encoder.onnx";
    public const string MoonshineDecoder = "moonshine-decoder.onnx";
    public const string MoonshineVocabulary = "moonshine-vocab.txt";
    public const string Silero = "silero-vad.onnx";

    private static readonly ImmutableSortedDictionary<string, string> Pinned = ReadManifest();

    // A hash of 20 MB at every job would be waste; a file that is replaced has another time or size.
    private readonly ConcurrentDictionary<string, (long Bytes, DateTime Written)> _verified = new(StringComparer.Ordinal);

    /// <summary>Where a model lies, there or not.</summary>
    public string Locate(string name) => Path.Combine(options.ModelFolder, name);

    /// <summary>Every pinned file, in order of name.</summary>
    public ImmutableArray<ModelCheck> Check() => [.. Pinned.Keys.Select(Check)];

    /// <summary>ModelMissing when one of the files is not there or not the pinned one; null when all are.</summary>
    public JobFailure? Missing(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Check(name) is { Ok: false } check)
            {
                return new JobFailure(FailureCodes.ModelMissing, JobStage.GeneratingSubtitles, $"speech model {Locate(name)} {check.Detail}: {check.Remedy}", Retryable: true);
            }
        }

        return null;
    }

    private ModelCheck Check(string name)
    {
        try
        {
            var file = new FileInfo(Locate(name));
            if (!file.Exists)
            {
                return Bad(name, "is missing");
            }

            var seen = (file.Length, file.LastWriteTimeUtc);
            if (!_verified.TryGetValue(name, out var verified) || verified != seen)
            {
                using var stream = file.OpenRead();
                if (!Pinned[name].Equals(Convert.ToHexStringLower(SHA256.HashData(stream)), StringComparison.Ordinal))
                {
                    return Bad(name, "is not the pinned file (wrong SHA-256)");
                }

                _verified[name] = seen;
            }

            return new ModelCheck(name, true, $"{file.Length / 1e6:0.0} MB in {options.ModelFolder}", null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Bad(name, "cannot be read (" + exception.GetType().Name + ")");
        }
    }

    private ModelCheck Bad(string name, string detail) =>
        new(name, false, detail, $"run ./makevideo, which fetches the models, or config/fetch-models {options.ModelFolder}");

    private static ImmutableSortedDictionary<string, string> ReadManifest()
    {
        using var resource = typeof(ModelFiles).Assembly.GetManifestResourceStream("models.sha256")!;
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split("  ", 2))
            .ToImmutableSortedDictionary(parts => parts[1], parts => parts[0], StringComparer.Ordinal);
    }
}
