using System.Security.Cryptography;
using MakeVideo.Media.Processes;

namespace MakeVideo.Media.Rendering;

/// <summary>What of this machine shapes every frame: ffmpeg's version and the caption font. Read once.</summary>
internal sealed class RenderTools(IProcessRunner runner, MediaOptions options)
{
    private readonly Lazy<Task<string>> _fingerprint = new(() => ReadAsync(runner, options));

    /// <summary>Part of every segment's name.</summary>
    public Task<string> FingerprintAsync(CancellationToken cancellation) => _fingerprint.Value.WaitAsync(cancellation);

    /// <summary>The file of the caption font, or null when the machine would put another in its place.</summary>
    public static async Task<string?> FontFileAsync(IProcessRunner runner, MediaOptions options, CancellationToken cancellation)
    {
        string? match = null;
        var result = await runner.RunAsync(
            new()
            {
                Program = "fc-match",
                Arguments = ["-f", "%{family[0]}|%{file}\n", $"{options.CaptionFont}:bold"],
                Folder = Path.GetTempPath(),
                Step = "font",
                Line = line => match ??= line,
            },
            cancellation);
        return result.Outcome is ChildOutcome.Ok && match?.Split('|') is [var family, var file] && family == options.CaptionFont ? file : null;
    }

    /// <summary>First line of <c>-version</c>; null when it cannot be started.</summary>
    public static async Task<string?> VersionAsync(IProcessRunner runner, string program, CancellationToken cancellation)
    {
        string? first = null;
        var result = await runner.RunAsync(
            new() { Program = program, Arguments = ["-version"], Folder = Path.GetTempPath(), Step = "version", Line = line => first ??= line }, cancellation);
        return result.Outcome is ChildOutcome.Ok ? first : null;
    }

    private static async Task<string> ReadAsync(IProcessRunner runner, MediaOptions options)
    {
        var version = await VersionAsync(runner, options.Ffmpeg, CancellationToken.None);
        var font = await FontFileAsync(runner, options, CancellationToken.None);
        var glyphs = font is null ? "no font" : Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(font)));
        return $"{version}\n{glyphs}";
    }
}
