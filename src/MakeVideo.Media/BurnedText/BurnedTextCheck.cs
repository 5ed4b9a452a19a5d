using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.Media.Processes;
using MakeVideo.Media.Workspace;
using Microsoft.Extensions.DependencyInjection;

namespace MakeVideo.Media.BurnedText;

/// <summary>Looks through a clip for text that was burned into it and changes: subtitles, single words, a news crawl.</summary>
internal sealed class BurnedTextCheck(IProcessRunner runner, MediaOptions media, BurnedTextOptions options, TextDetector detector)
{
    /// <summary>Pixels of a sampled frame in shares of a square of the long side: 480 x 288, and squarer frames no more than that.</summary>
    private const double MostArea = 0.6;

    /// <summary>Shares of the picture's height; smaller is not read, larger is no line of text.</summary>
    private const double LargestText = 0.2;

    /// <summary>Pixels of the sampled frame.</summary>
    private const int SmallestText = 7;

    /// <summary>Frames before the clip is first judged, and from one judgement to the next: two seconds at 3 frames/s, then one.</summary>
    private const int FirstLook = 9;
    private const int LookAgain = 3;

    /// <summary>Above the threshold by this much, and seen for so many frames, no later frame would clear the clip.</summary>
    private const double Sure = 0.1;
    private const int SureFrames = 8;

    /// <summary>The score with its evidence, or why the clip could not be looked at.</summary>
    /// <param name="clip">A clip that was probed.</param>
    /// <param name="facts">What the probe read.</param>
    /// <param name="thumbnail">Where a PNG of the frame that shows most is written, with its boxes drawn; not written when there is no text.</param>
    /// <param name="folder">Work folder; what is written there is gone afterwards.</param>
    /// <param name="progress">Share of the clip that was looked at.</param>
    /// <param name="cancellation">Noticed within a frame.</param>
    public async Task<Outcome<TextFinding>> LookAsync(string clip, ClipFacts facts, string thumbnail, string folder, IProgress<double>? progress, CancellationToken cancellation)
    {
        if (detector.Load() is { } missing)
        {
            return missing;
        }

        var (width, height) = SampleSize(facts.Width, facts.Height);
        var rate = Math.Min(options.FramesPerSecond, options.MostFrames / facts.Duration);
        using var scratch = new ScratchFolder(folder);
        var samples = new FrameSamples(runner, media);
        var (frames, sightings, band, early) = (0, new List<Sighting>(), TextBand.None, false);
        var best = new BestFrame();
        await foreach (var frame in samples.ReadAsync(clip, width, height, rate, options.MostFrames, scratch.Path, cancellation))
        {
            // Pure computing: not on the caller's scheduler, which may be a grain's.
            var seen = await Task.Run(() => See(frame, frames), cancellation);
            sightings.AddRange(seen);
            best.Offer(frame, frames, seen);
            frames++;
            progress?.Report(Math.Min(1, frames / (rate * facts.Duration)));
            if (frames >= FirstLook && frames % LookAgain == 0)
            {
                band = Judge(sightings, frames, width);
                if (early = band.Score >= options.Threshold + Sure && band.Lines.Count >= SureFrames)
                {
                    break;
                }
            }
        }

        if (!early && samples.Result is { Outcome: not ChildOutcome.Ok } failed)
        {
            return MediaFailures.Of(failed, JobStage.DownloadingShorts, FailureCodes.ClipCorrupt, "The clip cannot be searched for text");
        }

        band = early ? band : Judge(sightings, frames, width);
        var pictured = await best.WriteAsync(band, thumbnail, cancellation);
        return new TextFinding(
            Math.Round(band.Score, 3), frames, early, pictured,
            [.. Spread(band.Lines).Select(box => Box(box, rate, width, height))]);
    }

    /// <summary>As many as the evidence takes, from all over the clip.</summary>
    private static IEnumerable<Sighting> Spread(List<Sighting> boxes)
    {
        var most = Math.Min(boxes.Count, TextFinding.MostBoxes);
        return Enumerable.Range(0, most).Select(index => boxes[index * boxes.Count / most]);
    }

    /// <summary>Pixels of the frames that are looked at: in the clip's proportions, within a multiple of the detector's step.</summary>
    private (int Width, int Height) SampleSize(int width, int height)
    {
        var scale = Math.Min((double)options.LongSide / Math.Max(width, height), options.LongSide * Math.Sqrt(MostArea / ((double)width * height)));
        return (Side(width * scale), Side(height * scale));

        static int Side(double pixels) => Math.Max(1, (int)Math.Round(pixels / TextDetector.Step)) * TextDetector.Step;
    }

    private List<Sighting> See(Picture frame, int index) =>
    [
        .. TextLines.Of(detector.Find(frame).Where(box => box.Height >= SmallestText && box.Height <= LargestText * frame.Height && box.Width >= 0.8 * box.Height))
            .Select(line => new Sighting(index, line.Line, line.Word, TextProfile.Of(frame, line.Line))),
    ];

    private static TextBand Judge(List<Sighting> sightings, int frames, int width)
    {
        var moving = StandingTexts.Without(sightings, frames);

        // One look at each height is enough.
        return moving.Select(sighting => sighting.Box).DistinctBy(box => (box.Y, box.Height))
            .Select(seed => TextBand.Around(seed, moving, frames, width)).DefaultIfEmpty(TextBand.None).MaxBy(band => band.Score)!;
    }

    private static TextFindingBox Box(Sighting sighting, double rate, int width, int height) => new(
        Math.Round(sighting.Frame / rate, 2),
        Share(sighting.Box.X, width), Share(sighting.Box.Y, height), Share(sighting.Box.Width, width), Share(sighting.Box.Height, height), Math.Round(sighting.Box.Score, 2));

    private static double Share(int pixels, int of) => Math.Round((double)pixels / of, 3);
}
