using System.Collections.Immutable;
using System.Text;
using MakeVideo.Contracts;
using MakeVideo.Transcription;

namespace MakeVideo.UnitTests.Transcription;

/// <summary>A WAVE file of tones where somebody "speaks" and silence between, each given in seconds.</summary>
internal sealed class SpokenWave : IDisposable
{
    private readonly string path = Path.GetTempFileName();

    public SpokenWave(double duration, params (double Start, double End)[] spoken)
    {
        var samples = new short[(int)(duration * SpeechAudio.Rate)];
        foreach (var (start, end) in spoken)
        {
            for (var i = (int)(start * SpeechAudio.Rate); i < (int)(end * SpeechAudio.Rate); i++)
            {
                samples[i] = (short)(12000 * Math.Sin(i * 0.2));
            }
        }

        using (var file = new BinaryWriter(File.Create(path), Encoding.ASCII))
        {
            file.Write("RIFF"u8);
            file.Write(36 + (samples.Length * 2));
            file.Write("WAVEfmt "u8);
            file.Write(16);
            file.Write((short)1);
            file.Write((short)1);
            file.Write(SpeechAudio.Rate);
            file.Write(SpeechAudio.Rate * 2);
            file.Write((short)2);
            file.Write((short)16);
            file.Write("data"u8);
            file.Write(samples.Length * 2);
            foreach (var sample in samples)
            {
                file.Write(sample);
            }
        }

        Audio = SpeechAudio.Open(path);
        Speech = [.. spoken.Select(span => new SpeechSpan(span.Start, span.End))];
    }

    public SpeechAudio Audio { get; }

    public ImmutableArray<SpeechSpan> Speech { get; }

    public byte[] Bytes => File.ReadAllBytes(path);

    public void Dispose()
    {
        Audio.Dispose();
        File.Delete(path);
    }
}
