using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;
using MakeVideo.Contracts;
using MakeVideo.Media.Processes;

namespace MakeVideo.Media.Audio;

/// <summary>Turns any accepted audio into what speech engines read, and says how loud it is.</summary>
internal sealed partial class AudioDecode(IProcessRunner runner, MediaOptions options)
{
    /// <summary>dBFS; below this nobody hears anything on a phone.</summary>
    private const double Silence = -60;

    private const double Digital = -120;
    private const double QuietestLoudness = -70;

    /// <summary>Header of the WAV files that ffmpeg writes bit-exactly: RIFF, fmt, data.</summary>
    private const int WaveHeader = 44;

    /// <summary>One whole decode to a 16 kHz mono 16-bit WAV; loudness by EBU R 128 on the way.</summary>
    /// <param name="audio">Any accepted file.</param>
    /// <param name="wave">Written; its folder is the child's working folder.</param>
    /// <param name="progress">Nothing until the end of this quick step: then 1.</param>
    /// <param name="cancellation">Ends the decoder.</param>
    public async Task<Outcome<DecodedAudio>> DecodeAsync(string audio, string wave, IProgress<double>? progress, CancellationToken cancellation)
    {
        var result = await runner.RunAsync(
            new()
            {
                Program = options.Ffmpeg,
                // The meter speaks at level info; -v for all of ffmpeg is the only way to hear it.
                Arguments =
                [
                    .. InputGuards.Ffmpeg, "-v", "info", "-nostats", .. InputGuards.Input(audio),
                    "-filter_complex", "[0:a:0]asplit[speech][meter];[meter]ebur128=framelog=verbose,anullsink",
                    "-map", "[speech]", "-ar", "16000", "-ac", "1", "-c:a", "pcm_s16le", "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact",
                    "-f", "wav", "file:" + wave,
                ],
                Folder = Path.GetDirectoryName(wave)!,
                Step = "decode",
                Deadline = TimeSpan.FromMinutes(10),
                Stall = TimeSpan.FromSeconds(30),
            },
            cancellation);
        if (result.Outcome is not ChildOutcome.Ok)
        {
            return MediaFailures.Of(result, JobStage.AnalyzingAudio, FailureCodes.AudioUnreadable, "The audio cannot be decoded");
        }

        var (samples, peak) = await MeasureAsync(wave, cancellation);
        progress?.Report(1);
        if (peak < Silence)
        {
            return Silent();
        }

        var loudness = IntegratedLoudness().Matches(result.Errors).LastOrDefault() is { } match
            ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : QuietestLoudness;
        return new DecodedAudio(samples, Math.Max(loudness, QuietestLoudness), peak);
    }

    /// <summary>Whether anything is to be heard: the first minute first, the whole only when that is silent.</summary>
    public async Task<Outcome<bool>> HearAsync(string audio, CancellationToken cancellation)
    {
        foreach (var length in new[] { "60", "3700" })
        {
            var result = await runner.RunAsync(
                new()
                {
                    Program = options.Ffmpeg,
                    Arguments = [.. InputGuards.Ffmpeg, "-v", "info", "-nostats", .. InputGuards.Input(audio, "-t", length), "-map", "0:a:0", "-af", "volumedetect", "-f", "null", "-"],
                    Folder = Path.GetTempPath(),
                    Step = "hear",
                    Stall = TimeSpan.FromSeconds(30),
                },
                cancellation);
            if (result.Outcome is not ChildOutcome.Ok)
            {
                return MediaFailures.Of(result, JobStage.AnalyzingAudio, FailureCodes.AudioUnreadable, "The audio cannot be decoded");
            }

            if (MaxVolume().Match(result.Errors) is { Success: true } match && double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) >= Silence)
            {
                return true;
            }
        }

        return Silent();
    }

    private static JobFailure Silent() => new(
        FailureCodes.AudioSilent, JobStage.AnalyzingAudio, $"The audio is silent: nothing in it is louder than {Silence} dBFS. Check the recording and send it again.");

    private static async Task<(long Samples, double Peak)> MeasureAsync(string wave, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(wave);
        file.Seek(WaveHeader, SeekOrigin.Begin);
        var buffer = new byte[1 << 16];
        long samples = 0;
        var peak = 0;
        int read;
        while ((read = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation)) > 1)
        {
            for (var i = 0; i + 1 < read; i += 2)
            {
                peak = Math.Max(peak, Math.Abs((int)BinaryPrimitives.ReadInt16LittleEndian(buffer.AsSpan(i))));
            }

            samples += read / 2;
        }

        return (samples, peak == 0 ? Digital : 20 * Math.Log10(peak / 32768.0));
    }

    [GeneratedRegex(@"^\s+I:\s+(-?[\d.]+) LUFS", RegexOptions.Multiline)]
    private static partial Regex IntegratedLoudness();

    [GeneratedRegex(@"max_volume: (-?[\d.]+) dB")]
    private static partial Regex MaxVolume();
}
