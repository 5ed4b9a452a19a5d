using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MakeVideo.Contracts;
using MakeVideo.Media.Probing;
using MakeVideo.Media.Processes;
using MakeVideo.Sources;
using MakeVideo.Transcription;

namespace MakeVideo.Benchmarks.Cluster;

/// <summary>In the place of ffmpeg and ffprobe: answers at once, writes what the next step looks at, and starts no process. Only the cluster's own work is left.</summary>
/// <param name="segment">How long a segment takes.</param>
internal sealed partial class StubTools(TimeSpan segment) : IProcessRunner
{
    /// <summary>Seconds of footage in every clip: one slice, one segment.</summary>
    public const double ClipSeconds = 4.04;

    private const string Streams =
        """{"streams":[{"codec_type":"video","codec_name":"h264","width":360,"height":640,"pix_fmt":"yuv420p"},{"codec_type":"audio","codec_name":"aac","sample_rate":"48000","channels":2}]}""";

    public async Task<ChildResult> RunAsync(ChildRun run, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var last = run.Arguments.Length == 0 ? "" : run.Arguments[^1].Replace("file:", "", StringComparison.Ordinal);
        switch (run.Step)
        {
            case "probe":
                run.Line?.Invoke(Streams);
                break;
            case "scan":
                Scan(last, run.Arguments.Contains("a:0"), run.Line!);
                break;
            case "decode_check":
                run.Line?.Invoke("frame=25");
                break;
            case "decode":
                File.WriteAllBytes(last, Wave(Seconds(Input(run))));
                break;
            case "segment":
                if (segment > TimeSpan.Zero)
                {
                    await Task.Delay(segment, cancellation);
                }

                File.WriteAllBytes(last, TinyMp4.Of(EndFrame().Matches(string.Join(' ', run.Arguments)).Sum(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))));
                break;
            case "soundtrack":
                File.WriteAllBytes(last, TinyMp4.Of((int)Math.Round(30 * double.Parse(run.Arguments[run.Arguments.LastIndexOf("-t") + 1], CultureInfo.InvariantCulture))));
                break;
            case "compose":
                File.Copy(run.Arguments[run.Arguments.LastIndexOf("-i") + 1].Replace("file:", "", StringComparison.Ordinal), last, overwrite: true);
                break;
            case "font":
                run.Line?.Invoke($"DejaVu Sans|{typeof(StubTools).Assembly.Location}");
                break;
            case "version":
                run.Line?.Invoke("ffmpeg version 5.1 stub");
                break;
            default:
                break;
        }

        return new(ChildOutcome.Ok, 0, "max_volume: -3.0 dB");
    }

    /// <summary>An upload that says by its text how long it is.</summary>
    public static byte[] Audio(double seconds) => Encoding.ASCII.GetBytes(seconds.ToString(CultureInfo.InvariantCulture));

    private static double Seconds(string audio) => double.Parse(File.ReadAllText(audio), CultureInfo.InvariantCulture);

    private static string Input(ChildRun run) => run.Arguments[run.Arguments.IndexOf("-i") + 1].Replace("file:", "", StringComparison.Ordinal);

    private static void Scan(string path, bool sound, Action<string> line)
    {
        // A composed video is measured picture by picture, an upload and a clip by their ends.
        if (FrameCount.Of(path) is { } frames)
        {
            for (var frame = sound ? frames - 1 : 0; frame < frames; frame++)
            {
                line(string.Create(CultureInfo.InvariantCulture, $"{(sound ? 0 : frame / 30.0):0.000000},{(sound ? frames / 30.0 : 1 / 30.0):0.000000}"));
            }

            return;
        }

        var seconds = sound ? Seconds(path) : ClipSeconds;
        line("0,0.04");
        line(string.Create(CultureInfo.InvariantCulture, $"{seconds - 0.04},0.04"));
    }

    /// <summary>16 kHz mono with one loud sample: not silent, and nothing in it.</summary>
    private static byte[] Wave(double seconds)
    {
        var bytes = (int)(seconds * 16000) * 2;
        using var stream = new MemoryStream(bytes + 44);
        using var writer = new BinaryWriter(stream);
        writer.Write("RIFF"u8);
        writer.Write(bytes + 36);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(16000);
        writer.Write(32000);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(bytes);
        writer.Write(new byte[bytes - 2]);
        writer.Write((short)20000);
        return stream.ToArray();
    }

    [GeneratedRegex(@"trim=end_frame=(\d+)")]
    private static partial Regex EndFrame();
}

/// <summary>Hears one span and two words in everything.</summary>
internal sealed class StubSpeech : ISpeechDetector, ITranscriber
{
    public string Name => "stub";

    public ImmutableArray<string> Languages => [];

    public Task<Outcome<ImmutableArray<SpeechSpan>>> DetectAsync(SpeechAudio audio, IProgress<double>? progress, CancellationToken cancellation) =>
        Task.FromResult<Outcome<ImmutableArray<SpeechSpan>>>(ImmutableArray.Create(new SpeechSpan(0.5, 4)));

    public Task<Outcome<Transcript>> TranscribeAsync(SpeechAudio audio, ImmutableArray<SpeechSpan> speech, string language, IProgress<double>? progress, CancellationToken cancellation) =>
        Task.FromResult<Outcome<Transcript>>(new Transcript("en", Name, [new("hello", 1, 1.5), new("world", 2, 2.5)], speech));
}

/// <summary>As many clips as anybody wants, of a few bytes each; another set for each query.</summary>
internal sealed class StubFootage : IFootageSource
{
    private const int Most = 700;

    public string Name => "stub";

    public Task<Outcome<FootagePage>> SearchAsync(FootageQuery query, string? page, CancellationToken cancellation) =>
        Task.FromResult<Outcome<FootagePage>>(new FootagePage([.. Enumerable.Range(0, int.TryParse(query.Text.Split(' ')[^1], out var count) ? count : Most).Select(index => new ClipCandidate(Name, $"{query.Text.Replace(' ', '-')}-{index}", "", $"clip {index}"))], null));

    public async Task<Outcome<string>> FetchAsync(ClipCandidate clip, string target, long maxBytes, IProgress<double>? progress, CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(target, clip.Id, cancellation);
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(clip.Id)));
    }
}
