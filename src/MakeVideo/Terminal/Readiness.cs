using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.Media;
using MakeVideo.Transcription;
using Microsoft.Extensions.Logging.Abstractions;

namespace MakeVideo.Terminal;

/// <summary>One thing that every job needs.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Code">Its failure code.</param>
/// <param name="Ok">Whether it is there.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Remedy">What to do; null when all is well.</param>
internal sealed record Check(string Name, string Code, bool Ok, string Detail, string? Remedy)
{
    /// <summary>The same words wherever it stops somebody.</summary>
    public JobFailure Failure => new(Code, null, $"{Name}: {Detail}. {Remedy}", Retryable: true);
}

/// <summary>Whether this machine can run jobs: what <c>doctor</c> prints and what stops a start.</summary>
internal static class Readiness
{
    /// <summary>Bytes: a full-size minute of video is about 20 MB, its segments and clips several times that.</summary>
    private const long LeastFree = 1L << 30;

    /// <summary>The first thing that is missing; null when all is well.</summary>
    public static async Task<JobFailure?> ProblemAsync(DataFolder data, string models, CancellationToken cancellation) =>
        (await CheckAsync(data, models, cancellation)).FirstOrDefault(check => !check.Ok)?.Failure;

    public static async Task<ImmutableArray<Check>> CheckAsync(DataFolder data, string models, CancellationToken cancellation)
    {
        await using var services = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance).AddSingleton(typeof(ILogger<>), typeof(NullLogger<>)).AddMedia().BuildServiceProvider();
        var tools = await services.GetRequiredService<MediaDoctor>().CheckAsync(cancellation);
        var files = new ModelFiles(new TranscriptionOptions { ModelFolder = models }).Check();
        return
        [
            .. tools.Select(tool => new Check(tool.Name, FailureCodes.ToolMissing, tool.Ok, tool.Detail, tool.Remedy)),
            .. files.Select(file => new Check(file.Name, FailureCodes.ModelMissing, file.Ok, file.Detail, file.Remedy)),
            Folder(data),
        ];
    }

    private static Check Folder(DataFolder data)
    {
        try
        {
            Directory.CreateDirectory(data.Root);
            var trial = Path.Combine(data.Root, $".trial-{Guid.NewGuid():N}");
            File.WriteAllBytes(trial, [1]);
            File.Delete(trial);
            var free = new DriveInfo(data.Root).AvailableFreeSpace;
            return free >= LeastFree
                ? new("data folder", FailureCodes.DiskFull, true, $"{data.Root}, {free >> 30} GB free", null)
                : new("data folder", FailureCodes.DiskFull, false, $"{data.Root} has {free >> 20} MB free, less than {LeastFree >> 20}", "Free space, or choose another folder with --data");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new("data folder", FailureCodes.OutputNotWritable, false, $"{data.Root} cannot be written", "Choose another folder with --data, or free space and mend its permissions");
        }
    }
}
