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
        || (head.Length >= Needed && ((head.StartsWith("RIFF"u8) && head[8..].StartsWith("WAVE"u8)) || (head[4..].StartsWith("ftyp"u8) && !IsPicture(head[8..]))))
        || IsMpegFrame(head) || IsAdtsFrame(head);

    // Pictures in the same container: HEIF (ISO/IEC 23008-12, 10), AVIF and Canon's raw files.
    private static bool IsPicture(ReadOnlySpan<byte> brand) =>
        brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8) || brand.StartsWith("mif1"u8) || brand.StartsWith("msf1"u8) || brand.StartsWith("avi"u8) || brand.StartsWith("crx "u8);

    // ISO/IEC 11172-3, 2.4.2.3: eleven set bits; version 01, layer 00 and 11 (I), bit rate 1111 and sampling rate 11 are no mp3.
    // Layer I is left out with care: its first two bytes are also the byte order mark of UTF-16 text.
    private static bool IsMpegFrame(ReadOnlySpan<byte> head) =>
        head.Length >= 4 && head[0] == 0xFF && (head[1] & 0xE0) == 0xE0
        && ((head[1] >> 3) & 3) != 1 && ((head[1] >> 1) & 3) is 1 or 2
        && head[2] >> 4 != 15 && ((head[2] >> 2) & 3) != 3;

    // ISO/IEC 13818-7, 6.2.1: twelve set bits, layer 00; sampling rates 13 to 15 do not exist.
    private static bool IsAdtsFrame(ReadOnlySpan<byte> head) =>
        head.Length >= 4 && head[0] == 0xFF && (head[1] & 0xF6) == 0xF0 && ((head[2] >> 2) & 15) < 13;
}
