using System.Globalization;
using System.Text;
using MakeVideo.Contracts;
using MakeVideo.Media.Processes;

namespace MakeVideo.Media.Probing;

/// <summary>Reads what a file really is; refusals are typed. Names and extensions are not believed.</summary>
internal sealed class MediaProbe(IProcessRunner runner, MediaOptions options)
{
    /// <summary>Seconds; REFERENCE: audio under 5 s or over 1 h is refused.</summary>
    private const double ShortestAudio = 5;
    private const double LongestAudio = 3600;

    /// <summary>Pixels of the shorter side; less is no picture in a full frame.</summary>
    private const int SmallestSide = 64;

    /// <summary>Seconds; less is a flicker.</summary>
    private const double ShortestClip = 0.5;

    /// <summary>Characters of JSON that a sane file's probe has room in.</summary>
    private const int MostJson = 1 << 20;

    /// <summary>Facts of an audio between 5 s and 1 h, or why it is refused.</summary>
    public async Task<Outcome<AudioFacts>> ProbeAudioAsync(string path, CancellationToken cancellation)
    {
        if (Missing(path, FailureCodes.AudioMissing, FailureCodes.AudioEmpty, "audio file", JobStage.AnalyzingAudio) is { } missing)
        {
            return missing;
        }

        var (probe, failure) = await ReadAsync(path, cancellation);
        if (failure is { Outcome: ChildOutcome.NotFound })
        {
            return ToolMissing(JobStage.AnalyzingAudio);
        }

        if (probe is null)
        {
            return Refuse(FailureCodes.AudioUnreadable, "The audio file cannot be read: it is damaged or no audio. Send mp3, wav, m4a, ogg, aac or flac.");
        }

        if (probe.Audio is not { } audio)
        {
            return Refuse(FailureCodes.AudioNoStream, "The audio file has no sound in it. Send mp3, wav, m4a, ogg, aac or flac.");
        }

        var duration = (await ScanAsync(path, "a:0", cancellation)).Duration;
        return duration switch
        {
            <= 0 => Refuse(FailureCodes.AudioUnreadable, "The audio file has a header but no sound that can be read. Export it again."),
            _ when LengthRefusal(duration) is { } refusal => refusal,
            _ => new AudioFacts(duration, audio.CodecName ?? "unknown", int.TryParse(audio.SampleRate, out var rate) ? rate : 0, audio.Channels),
        };

    }

    /// <summary>Why an audio of that many seconds is not taken; null when it is.</summary>
    public static JobFailure? LengthRefusal(double duration) => duration switch
    {
        < ShortestAudio => Refuse(FailureCodes.AudioTooShort, $"The audio is {Seconds(duration)} s long; at least 5 s are needed. Send a longer one."),
        > LongestAudio => Refuse(FailureCodes.AudioTooLong, $"The audio is {Seconds(duration / 60)} min long; at most 60 min are taken. Cut it into parts."),
        _ => null,
    };

    private static JobFailure Refuse(string code, string message) => new(code, JobStage.AnalyzingAudio, message);

    /// <summary>Facts of a clip whose both ends decode, or why it is rejected.</summary>
    public async Task<Outcome<ClipFacts>> ProbeClipAsync(string path, CancellationToken cancellation)
    {
        if (Missing(path, FailureCodes.ClipMissing, FailureCodes.ClipEmpty, "clip", JobStage.DownloadingShorts) is { } missing)
        {
            return missing;
        }

        var (probe, failure) = await ReadAsync(path, cancellation);
        if (failure is { Outcome: ChildOutcome.NotFound })
        {
            return ToolMissing(JobStage.DownloadingShorts);
        }

        if (probe is null)
        {
            return Reject(FailureCodes.ClipUnreadable, "the file is damaged or no video");
        }

        if (probe.Video is not { } video)
        {
            return Reject(FailureCodes.ClipNoVideo, "it has no moving picture");
        }

        var square = (Width: (int)Math.Round(video.Width * video.PixelAspect), video.Height);
        var (width, height) = video.Sideways ? (square.Height, square.Width) : square;
        if (Math.Min(width, height) < SmallestSide)
        {
            return Reject(FailureCodes.ClipTooSmall, $"it is {width}x{height} pixels, less than {SmallestSide}");
        }

        var packets = await ScanAsync(path, "v:0", cancellation);
        if (packets.Duration < ShortestClip)
        {
            return Reject(FailureCodes.ClipTooShort, $"it has {Seconds(packets.Duration)} s of video, less than {Seconds(ShortestClip)}");
        }

        if (!await DecodesAsync(path, 0, cancellation) || !await DecodesAsync(path, Math.Max(0, packets.Duration - 1), cancellation))
        {
            return Reject(FailureCodes.ClipCorrupt, "its picture cannot be decoded at both ends");
        }

        return new ClipFacts(
            width, height, packets.Duration, Math.Round(packets.Count / packets.Duration, 3), video.CodecName ?? "unknown", video.PixelFormat ?? "unknown");

        static JobFailure Reject(string code, string why) => new(code, JobStage.DownloadingShorts, $"The clip is left out: {why}.");
    }

    /// <summary>Counts the packets of one stream; does not decode.</summary>
    public async Task<PacketScan> ScanAsync(string path, string stream, CancellationToken cancellation)
    {
        var scan = new PacketScan();
        await runner.RunAsync(
            new()
            {
                Program = options.Ffprobe,
                Arguments = ["-v", "error", "-select_streams", stream, "-show_entries", "packet=pts_time,duration_time", "-of", "csv=p=0", .. InputGuards.Input(path)],
                Folder = Path.GetTempPath(),
                Step = "scan",
                Line = scan.Add,
            },
            cancellation);
        return scan;
    }

    /// <summary>Streams and format; null with the child's end when there is nothing to read.</summary>
    public async Task<(ProbeJson? Probe, ChildResult? Failure)> ReadAsync(string path, CancellationToken cancellation)
    {
        var json = new StringBuilder();
        var result = await runner.RunAsync(
            new()
            {
                Program = options.Ffprobe,
                Arguments = ["-v", "error", "-of", "json", "-show_format", "-show_streams", .. InputGuards.Input(path)],
                Folder = Path.GetTempPath(),
                Step = "probe",
                Line = line => _ = json.Length < MostJson ? json.AppendLine(line) : json,
            },
            cancellation);
        return result.Outcome is ChildOutcome.Ok ? (ProbeJson.Parse(json.ToString()), null) : (null, result);
    }

    // A second of pictures from there; at least one must come out.
    private async Task<bool> DecodesAsync(string path, double start, CancellationToken cancellation)
    {
        var frames = 0;
        var result = await runner.RunAsync(
            new()
            {
                Program = options.Ffmpeg,
                Arguments =
                [
                    .. InputGuards.Ffmpeg, .. InputGuards.Input(path, "-ss", start.ToString("0.###", CultureInfo.InvariantCulture), "-t", "1"),
                    "-map", "0:v:0", "-f", "null", "-",
                ],
                Folder = Path.GetTempPath(),
                Step = "decode_check",
                Stall = TimeSpan.FromSeconds(30),
                Line = line => frames = line.StartsWith("frame=", StringComparison.Ordinal) && int.TryParse(line.AsSpan(6), out var count) ? count : frames,
            },
            cancellation);
        return result.Outcome is ChildOutcome.Ok && frames > 0;
    }

    private static JobFailure? Missing(string path, string missing, string empty, string what, JobStage stage) => new FileInfo(path) switch
    {
        { Exists: false } => new(missing, stage, $"The {what} is not there. Send it again."),
        { Length: 0 } => new(empty, stage, $"The {what} is empty (0 bytes). Send it again."),
        _ => null,
    };

    private JobFailure ToolMissing(JobStage stage) =>
        new(FailureCodes.ToolMissing, stage, $"{options.Ffprobe} cannot be started. Install ffmpeg 5.1 or newer: sudo apt-get install ffmpeg", Retryable: true);

    private static string Seconds(double seconds) => seconds.ToString("0.0", CultureInfo.InvariantCulture);
}
