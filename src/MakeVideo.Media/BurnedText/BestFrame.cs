namespace MakeVideo.Media.BurnedText;

/// <summary>Keeps the frames that may be the evidence: those of the latest change are enough, and memory stays small.</summary>
internal sealed class BestFrame
{
    /// <summary>Frames kept; a frame is at most 0.4 MB.</summary>
    private const int Most = 8;

    private readonly List<(int Index, Picture Frame, double Text)> _kept = [];

    /// <summary>Keeps the frame when it has more text than the least of those kept.</summary>
    public void Offer(Picture frame, int index, List<Sighting> seen)
    {
        var text = seen.Sum(sighting => (double)sighting.Box.Width * sighting.Box.Score);
        if (text <= 0)
        {
            return;
        }

        _kept.Add((index, frame, text));
        if (_kept.Count > Most)
        {
            _kept.Remove(_kept.MinBy(kept => kept.Text));
        }
    }

    /// <summary>Writes the frame that shows most of the band, its boxes drawn; without a band, the one with most text. False when none had any.</summary>
    public async Task<bool> WriteAsync(TextBand band, string path, CancellationToken cancellation)
    {
        if (_kept.Count == 0)
        {
            return false;
        }

        var lines = band.Lines.ToLookup(line => line.Frame);
        var (index, frame, _) = _kept.MaxBy(kept => (lines.Contains(kept.Index), kept.Text));
        foreach (var line in lines[index])
        {
            PngPicture.Frame(frame, line.Box);
        }

        await PngPicture.WriteAsync(frame, path, cancellation);
        return true;
    }
}
