using MakeVideo.Contracts;

namespace MakeVideo.Terminal.Make;

/// <summary>What <c>make</c> was told, as text; null where nothing was said.</summary>
internal sealed record MakeOptions
{
    public string? Audio { get; init; }

    public string? Query { get; init; }

    public string? Library { get; init; }

    /// <summary>Names of sources in order; what the settings say when null.</summary>
    public string? Source { get; init; }

    public string? Out { get; init; }

    public string? Resume { get; init; }

    public string? Script { get; init; }

    public string Aspect { get; init; } = "9:16";

    public string Fit { get; init; } = "crop";

    public string Crop { get; init; } = "center";

    public string Style { get; init; } = "static";

    public string Language { get; init; } = "auto";

    public string Quality { get; init; } = "fast";

    public string ShortFootage { get; init; } = "loop";

    public int Seed { get; init; }

    public int MaxShorts { get; init; } = 10;

    public bool AnyClip { get; init; }

    public required string Data { get; init; }

    public required string Models { get; init; }

    public bool Json { get; init; }

    /// <summary>The request without its id, time and hashes; or the first thing that is wrong with it, before anything is started.</summary>
    public Outcome<JobRequest> Check()
    {
        if (string.IsNullOrWhiteSpace(Out))
        {
            return Invalid("--out is missing. Say where the video goes: --out video.mp4");
        }

        if (OutputProblem(Path.GetFullPath(Out)) is { } problem)
        {
            return problem;
        }

        if (Resume is not null)
        {
            return JobIds.IsValid(Resume)
                ? Request()
                : new JobFailure(FailureCodes.JobNotFound, null, $"'{Resume}' is no job id. It has 22 letters and digits, as make printed it.");
        }

        if (FileProblem(Audio, "--audio", FailureCodes.AudioMissing) is { } audio)
        {
            return audio;
        }

        if (Script is not null && FileProblem(Script, "--script", FailureCodes.ScriptInvalid) is { } script)
        {
            return script;
        }

        if (Query?.Trim() is not { Length: >= 3 and <= 200 } query || query.Any(char.IsControl))
        {
            return new JobFailure(FailureCodes.QueryInvalid, null, "--query must have 3 to 200 characters. Say what the clips should show: --query \"city night\"");
        }

        // Other sources need no folder; whether they are set up is known when the cluster is.
        if ((Source is null || Library is not null) && LibraryProblem(Library) is { } library)
        {
            return library;
        }

        if (new[] { Audio, Script }.OfType<string>().Any(input => Path.GetFullPath(input) == Path.GetFullPath(Out)))
        {
            return new JobFailure(FailureCodes.OutputNotWritable, null, $"--out {OneLine(Out)} is one of the inputs. Name another file, so that it is not overwritten.");
        }

        return MaxShorts is < 10 or > 500 ? Invalid($"--max-shorts is {MaxShorts}; it must be 10 to 500.") : Request();
    }

    private Outcome<JobRequest> Request()
    {
        JobFailure? wrong = null;
        T Choice<T>(string option, string value, string code)
            where T : struct, Enum
        {
            var parsed = ApiNames.Parse<T>(value);
            wrong ??= parsed is null ? new(code, null, $"{option} '{OneLine(value)}' is unknown. Use one of: {string.Join(", ", ApiNames.All<T>())}") : null;
            return parsed ?? default;
        }

        var request = new JobRequest
        {
            JobId = Resume ?? "",
            AudioSha256 = "",
            AudioName = Path.GetFileName(Audio) ?? "",
            Query = Query?.Trim() ?? "",
            MaxShorts = MaxShorts,
            Language = Language,
            Aspect = Choice<AspectRatio>("--aspect", Aspect, FailureCodes.AspectUnknown),
            Style = Choice<CaptionStyle>("--style", Style, FailureCodes.StyleUnknown),
            Quality = Choice<Quality>("--quality", Quality, FailureCodes.QualityUnknown),
            Fit = Choice<FitMode>("--fit", Fit, FailureCodes.OptionUnknown),
            Crop = Choice<CropPosition>("--crop", Crop, FailureCodes.OptionUnknown),
            ShortFootage = Choice<ShortFootage>("--short-footage", ShortFootage, FailureCodes.OptionUnknown),
            Seed = Seed,
            AnyClip = AnyClip,
            Source = Source,
            LibraryFolder = Library is null ? null : Path.GetFullPath(Library),
            HasScript = Script is not null,
        };
        return wrong is null ? request : wrong;
    }

    private static JobFailure? FileProblem(string? path, string option, string code)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            return new(code, null, $"{option} is missing. Say which file: {option} FILE");
        }

        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            var why = Directory.Exists(path) ? "is a folder" : File.Exists(path) ? "cannot be read" : "is not there";
            return new(code, null, $"{option} {OneLine(path)} {why}. Name a file that you can read.");
        }
    }

    public static JobFailure? LibraryProblem(string? path) =>
        string.IsNullOrWhiteSpace(path) ? new(FailureCodes.LibraryMissing, null, "--library is missing. Say where the clips are: --library DIR")
        : !Directory.Exists(path) ? new(FailureCodes.LibraryMissing, null, $"--library {OneLine(path)} is not a folder. Name a folder of clips.")
        : null;

    private static JobFailure? OutputProblem(string path)
    {
        var folder = Path.GetDirectoryName(path) ?? "/";
        var why = Directory.Exists(path) ? "is a folder"
            : !Directory.Exists(folder) ? "is in a folder that is not there"
            : path.StartsWith("/dev/", StringComparison.Ordinal) ? "is a device, which a video would replace"
            : Path.GetExtension(path) is ".srt" ? "has the name that its subtitles will have" : null;
        if (why is null)
        {
            try
            {
                var trial = Path.Combine(folder, $".makevideo-{Guid.NewGuid():N}");
                File.WriteAllBytes(trial, []);
                File.Delete(trial);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                why = "cannot be written";
            }
        }

        return why is null ? null : new(FailureCodes.OutputNotWritable, null, $"--out {OneLine(path)} {why}. Name a file in a folder that you can write to.");
    }

    private static JobFailure Invalid(string message) => new(FailureCodes.InvalidRequest, null, message);

    private static string OneLine(string text) => string.Concat(text.Where(letter => !char.IsControl(letter)));
}
