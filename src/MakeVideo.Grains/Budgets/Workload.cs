using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using MakeVideo.Grains.Jobs;
using MakeVideo.Sources;
using MakeVideo.Transcription;

namespace MakeVideo.Grains.Budgets;

/// <summary>How much there is to do for one job, in units of which each stage has a speed.</summary>
/// <param name="AudioSeconds">Length of the audio.</param>
/// <param name="Frames">Output frames.</param>
/// <param name="Format">Frame of the output.</param>
/// <param name="Quality">Encoder effort.</param>
/// <param name="Fit">How clips fill the frame; a blurred background costs as much again.</param>
/// <param name="MostClips">As many clips as the user allows.</param>
/// <param name="Source">Where the footage is asked for first.</param>
/// <param name="Engine">Who is asked first what is said.</param>
internal sealed record Workload(double AudioSeconds, int Frames, OutputFormat Format, Quality Quality, FitMode Fit, int MostClips, string Source, string Engine)
{
    /// <summary>Accepted footage covers the target by this much.</summary>
    private const double Margin = 1.1;

    /// <summary>Frames of a segment, about 4 s.</summary>
    private const int SegmentFrames = 4 * OutputFormat.DefaultFramesPerSecond;

    private static readonly IReadOnlyList<string> Stages = ApiNames.All<JobStage>();
    private static readonly IReadOnlyList<string> Qualities = ApiNames.All<Quality>();

    /// <summary>Clips that it takes when each gives one slice.</summary>
    public int Clips => Math.Clamp((int)Math.Ceiling(Margin * Frames / Timeline.LongestSlice), 1, Math.Max(1, MostClips));

    /// <summary>Segments to render, about.</summary>
    public int Segments => Math.Max(1, Frames / SegmentFrames);

    /// <summary>Millions of pixels in all frames.</summary>
    public double Megapixels => MegapixelsOf(Frames);

    /// <summary>Millions of pixels in so many frames.</summary>
    public double MegapixelsOf(int frames) => (double)frames * Format.Width * Format.Height / 1e6;

    /// <summary>The stage's work in its own unit: seconds of audio, clips, megapixels; 1 where the size of the job hardly matters.</summary>
    public double Units(JobStage stage) => stage switch
    {
        JobStage.AnalyzingAudio or JobStage.GeneratingSubtitles or JobStage.FinalComposition => AudioSeconds,
        JobStage.DownloadingShorts => Clips,
        JobStage.AssemblingVideo => Megapixels,
        _ => 1,
    };

    /// <summary>Under what its speed is kept: the stage, and what makes it another one.</summary>
    public string Key(JobStage stage) => stage switch
    {
        JobStage.FetchingShorts or JobStage.DownloadingShorts => $"{Stages[(int)stage]}/{Source}",
        JobStage.GeneratingSubtitles => $"{Stages[(int)stage]}/{Engine}",
        JobStage.AssemblingVideo => $"{Stages[(int)stage]}/{Qualities[(int)Quality]}{(Fit is FitMode.Blur ? "/blur" : "")}",
        _ => Stages[(int)stage],
    };

    /// <summary>Under what the bytes of a megapixel are kept.</summary>
    public string BytesKey => $"bytes/{Qualities[(int)Quality]}";
}

/// <summary>Measures requests as this silo would work on them.</summary>
internal sealed class Workloads(SourceOrder sources, Transcribers transcribers, WorkOptions options)
{
    /// <summary>What a request with so much audio asks for.</summary>
    public Workload Of(JobRequest request, double audioSeconds) => new(
        audioSeconds, (int)Math.Round((audioSeconds + options.Padding) * OutputFormat.DefaultFramesPerSecond),
        OutputFormat.For(request.Aspect, request.Quality), request.Quality, request.Fit, request.MaxShorts,
        sources.For(request.Source, request.LibraryFolder) is { Failed: false, Value: [var first, ..] } ? first.Name : "none",
        request.HasScript ? ScriptTranscriber.EngineName : transcribers.FirstFor(request.Language) ?? "none");
}
