using System.Buffers.Binary;
using MakeVideo.EndToEndTests.Media;
using MakeVideo.Transcription;

namespace MakeVideo.EndToEndTests.Transcription;

/// <summary>Speech whose word onsets are known to the sample: each word is said by flite alone, stripped of its silence, and put down at a chosen time.</summary>
/// <param name="Wave">16 kHz mono WAV.</param>
/// <param name="Words">With the seconds at which each begins.</param>
internal sealed record KnownSpeech(string Wave, IReadOnlyList<(string Word, double Onset)> Words)
{
    private const double WithinPhrase = 0.030;
    private static readonly double[] BetweenPhrases = [0.35, 0.7, 0.5, 1.2];

    /// <param name="folder">Where the files go.</param>
    /// <param name="voice">One of flite's: slt, rms, kal, awb.</param>
    /// <param name="phrases">Words parted by spaces; 30 ms between words, 0.35 to 1.2 s between phrases.</param>
    public static KnownSpeech Say(string folder, string voice, params string[] phrases)
    {
        var samples = new List<short>(new short[SpeechAudio.Rate / 2]);
        var words = new List<(string, double)>();
        for (var phrase = 0; phrase < phrases.Length; phrase++)
        {
            foreach (var word in phrases[phrase].Split(' '))
            {
                words.Add((word, samples.Count / (double)SpeechAudio.Rate));
                samples.AddRange(Word(folder, voice, word));
                Silence(WithinPhrase);
            }

            Silence(BetweenPhrases[phrase % BetweenPhrases.Length]);
        }

        var wave = Path.Combine(folder, $"{voice}-{Guid.NewGuid():N}.wav");
        Write(wave, samples);
        return new KnownSpeech(wave, words);

        void Silence(double seconds) => samples.AddRange(new short[(int)(seconds * SpeechAudio.Rate)]);
    }

    /// <summary>16 kHz mono 16-bit.</summary>
    public static void Write(string wave, IReadOnlyList<short> samples)
    {
        var bytes = new byte[44 + (samples.Count * 2)];
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), SpeechAudio.Rate);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), SpeechAudio.Rate * 2);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(34), 16);
        "data"u8.CopyTo(bytes.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), samples.Count * 2);
        for (var i = 0; i < samples.Count; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(44 + (2 * i)), samples[i]);
        }

        File.WriteAllBytes(wave, bytes);
    }

    private static IEnumerable<short> Word(string folder, string voice, string word)
    {
        var path = Path.Combine(folder, $"{voice}-{word}.wav");
        if (!File.Exists(path))
        {
            MediaFixture.Ffmpeg("-f", "lavfi", "-i", $"flite=text='{word}':voice={voice}", "-ar", "16000", "-ac", "1", "-c:a", "pcm_s16le", path);
        }

        using var audio = SpeechAudio.Open(path);
        var samples = audio.Read(0, (int)audio.Samples);
        var threshold = samples.Max(Math.Abs) * 0.02f;
        var first = Array.FindIndex(samples, sample => Math.Abs(sample) >= threshold);
        var last = Array.FindLastIndex(samples, sample => Math.Abs(sample) >= threshold);
        return samples[first..(last + 1)].Select(sample => (short)(sample * 32767));
    }
}
