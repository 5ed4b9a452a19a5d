using System.Collections.Immutable;
using System.Text.RegularExpressions;
using MakeVideo.Media.Processes;
using MakeVideo.Media.Rendering;

namespace MakeVideo.Media;

/// <summary>One line of a health check.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Ok">Whether jobs can run with it.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Remedy">What to do; null when all is well.</param>
internal sealed record ToolCheck(string Name, bool Ok, string Detail, string? Remedy);

/// <summary>Whether this machine can render: tools, their versions and parts, the caption font.</summary>
internal sealed partial class MediaDoctor(IProcessRunner runner, MediaOptions options)
{
    private const string Install = "sudo apt-get install ffmpeg fonts-dejavu-core fontconfig";
    private static readonly Version Oldest = new(5, 1);
    private static readonly string[] Encoders = ["libx264", "aac"];
    private static readonly string[] Filters =
        ["ass", "fps", "tpad", "trim", "concat", "scale", "crop", "pad", "overlay", "boxblur", "eq", "yadif", "ebur128", "volumedetect", "apad", "aresample"];

    public async Task<ImmutableArray<ToolCheck>> CheckAsync(CancellationToken cancellation) =>
    [
        await VersionAsync("ffmpeg", options.Ffmpeg, cancellation),
        await VersionAsync("ffprobe", options.Ffprobe, cancellation),
        await PartsAsync("encoders", "-encoders", Encoders, cancellation),
        await PartsAsync("filters", "-filters", Filters, cancellation),
        await FontAsync(cancellation),
    ];

    private async Task<ToolCheck> VersionAsync(string name, string program, CancellationToken cancellation)
    {
        var line = await RenderTools.VersionAsync(runner, program, cancellation);
        if (line is null)
        {
            return new(name, false, $"{program} cannot be started", Install);
        }

        // Builds from git call themselves N-12345: newer than any release, as far as anyone can tell.
        var version = Number().Match(line) is { Success: true } match ? Version.Parse(match.Groups[1].Value) : null;
        return version is null || version >= Oldest
            ? new(name, true, line.Split(" Copyright")[0], null)
            : new(name, false, $"{version} is older than {Oldest}", $"Install {name} {Oldest} or newer: {Install}");
    }

    private async Task<ToolCheck> PartsAsync(string name, string list, string[] wanted, CancellationToken cancellation)
    {
        var found = new HashSet<string>();
        await runner.RunAsync(
            new()
            {
                Program = options.Ffmpeg,
                Arguments = ["-hide_banner", list],
                Folder = Path.GetTempPath(),
                Step = "doctor",
                Line = line => _ = line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var part, ..] && found.Add(part),
            },
            cancellation);
        var missing = wanted.Where(part => !found.Contains(part)).ToArray();
        return missing.Length == 0
            ? new(name, true, string.Join(' ', wanted), null)
            : new(name, false, $"ffmpeg lacks {string.Join(' ', missing)}", $"Install a full build of ffmpeg: {Install}");
    }

    private async Task<ToolCheck> FontAsync(CancellationToken cancellation) =>
        await RenderTools.FontFileAsync(runner, options, cancellation) is { } file
            ? new("caption font", true, file, null)
            : new("caption font", false, $"{options.CaptionFont} Bold is not installed", Install);

    [GeneratedRegex(@"version n?(\d+\.\d+)")]
    private static partial Regex Number();
}
