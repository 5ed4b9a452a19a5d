using System.Buffers.Binary;

namespace MakeVideo.Media.Probing;

/// <summary>
/// Counts the frames of a finished MP4 by its index (ISO/IEC 14496-12), without a child process: asked for every segment of every job, where
/// a start of ffprobe would cost more than all the reading. The picture itself is not looked at.
/// </summary>
internal static class FrameCount
{
    /// <summary>Bytes; an hour at 60 frames/s has an index of 2 MB.</summary>
    private const int LargestIndex = 32 << 20;

    /// <summary>ffmpeg writes four to five: ftyp, free, mdat, moov.</summary>
    private const int MostBoxes = 16;

    /// <summary>A box of 2 GB and more says its size in 64 bits after its name.</summary>
    private const int LongHeader = 16;

    /// <summary>Frames of the only video track.</summary>
    /// <returns>Null for anything but a whole file: boxes that fill it to its last byte, one frame at least, and every frame of the index inside it.</returns>
    public static int? Of(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return Of(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <inheritdoc cref="Of(string)"/>
    /// <param name="file">Seekable, from its start.</param>
    public static int? Of(Stream file)
    {
        var length = file.Length;
        var media = new List<(long Start, long End)>();
        byte[]? index = null;
        Span<byte> header = stackalloc byte[LongHeader];
        long start = 0;
        for (var boxes = 0; start < length; boxes++)
        {
            file.Position = start;
            var read = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
            if (boxes == MostBoxes || !BoxHeader.TryRead(header[..read], length - start, out var box))
            {
                return null;
            }

            if (box.Name == BoxName.Media)
            {
                media.Add((start + box.HeaderLength, start + box.Length));
            }
            else if (box.Name == BoxName.Movie)
            {
                var body = box.Length - box.HeaderLength;
                if (index is not null || body > LargestIndex)
                {
                    return null;
                }

                index = new byte[body];
                file.Position = start + box.HeaderLength;
                if (file.ReadAtLeast(index, index.Length, throwOnEndOfStream: false) < index.Length)
                {
                    return null;
                }
            }

            start += box.Length;
        }

        return index is null ? null : Frames(index, media);
    }

    private static int? Frames(ReadOnlySpan<byte> movie, List<(long Start, long End)> media)
    {
        int? frames = null;
        foreach (var track in new Boxes(movie, BoxName.Track))
        {
            var mediaOfTrack = Boxes.First(track, BoxName.TrackMedia);
            if (!IsVideo(Boxes.First(mediaOfTrack, BoxName.Handler)))
            {
                continue;
            }

            var samples = new SampleTable(Boxes.First(Boxes.First(mediaOfTrack, BoxName.MediaInformation), BoxName.SampleTable));
            if (frames is not null || !samples.LiesWithin(media))
            {
                return null;
            }

            frames = samples.Count;
        }

        return frames;
    }

    // Version and flags, four bytes of zero, then the kind of track.
    private static bool IsVideo(ReadOnlySpan<byte> handler) => handler.Length >= 12 && BinaryPrimitives.ReadUInt32BigEndian(handler[8..]) == BoxName.Video;
}
