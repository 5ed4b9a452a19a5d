namespace MakeVideo.Gateway.Uploads;

/// <summary>Knows the audio formats that are taken by their first bytes; a file's name says nothing.</summary>
internal static class AudioSniff
{
    /// <summary>Bytes that are enough to tell.</summary>
    public const int Needed = 12;

    /// <summary>What is taken, for people.</summary>
    public const string Formats = "mp3, wav, m4a, ogg, aac or flac";

    /// <summary>True for mp3, wav, m4a, ogg, aac (ADTS) and flac.</summary>
    public static bool IsAudio(ReadOnlySpan<byte> head) =>
        head.StartsWith("ID3"u8) || head.StartsWith("OggS"u8) || head.StartsWith("fLaC"u8)
        || (head.StartsWith("RIFF"u8) && head.Length >= Needed && head[8..].StartsWith("WAVE"u8))
        || (head.Length >= 8 && head[4..].StartsWith("ftyp"u8))
        || IsFrame(head);

    // MPEG audio: eleven set bits, a version and a layer that exist; layer 0 is ADTS, which needs its twelfth sync bit too.
    private static bool IsFrame(ReadOnlySpan<byte> head)
    {
        if (head.Length < 2 || head[0] != 0xFF || (head[1] & 0xE0) != 0xE0)
        {
            return false;
        }

        var (version, layer) = ((head[1] >> 3) & 3, (head[1] >> 1) & 3);
        return layer == 0 ? (head[1] & 0xF0) == 0xF0 : version != 1;
    }
}
