using System.Globalization;
using System.Text;
using MakeVideo.Contracts;

namespace MakeVideo.Media.Rendering;

/// <summary>The filter graph of one segment: numbers and fixed names only, no user text.</summary>
internal static class FilterGraph
{
    /// <summary>File name of the captions in the child's working folder.</summary>
    public const string Captions = "captions.ass";

    /// <summary>Every slice to the output's rate, size and exact frame count; joined; captions burned in. The result is <c>[out]</c>.</summary>
    public static string Of(SegmentSpec spec)
    {
        var graph = new StringBuilder();
        for (var i = 0; i < spec.Slices.Length; i++)
        {
            Slice(graph, spec, i);
        }

        for (var i = 0; i < spec.Slices.Length; i++)
        {
            Add(graph, $"[s{i}]");
        }

        Add(graph, $"concat=n={spec.Slices.Length}:v=1:a=0");
        if (spec.Captions is not null)
        {
            Add(graph, $",ass={Captions}");
        }

        return Add(graph, $",format=yuv420p[out]").ToString();
    }

    // Rate first, so that no frame is scaled that nobody sees. A clip that ends early holds its last frame: the count is exact whatever the file does.
    private static void Slice(StringBuilder graph, SegmentSpec spec, int index)
    {
        var (width, height, rate) = (spec.Format.Width, spec.Format.Height, spec.Format.FramesPerSecond);
        Add(graph, $"[{index}:v:0]yadif=deint=interlaced,fps={rate}:start_time=0,scale=trunc(iw*sar/2)*2:trunc(ih/2)*2,setsar=1,");
        switch (spec.Fit)
        {
            case FitMode.Crop:
                Add(graph, $"scale={width}:{height}:force_original_aspect_ratio=increase:force_divisible_by=2{Colour},crop={width}:{height}:(iw-ow)/2:{CropTop(spec.Crop)}");
                break;
            case FitMode.Pad:
                Add(graph, $"scale={width}:{height}:force_original_aspect_ratio=decrease:force_divisible_by=2{Colour},pad={width}:{height}:-1:-1");
                break;
            case FitMode.Blur:
                // Blurred at an eighth of the size: looks the same, costs a hundredth.
                var (small, low) = (Even(width / 8), Even(height / 8));
                Add(graph, $"split[b{index}][f{index}];");
                Add(graph, $"[b{index}]scale={small}:{low}:force_original_aspect_ratio=increase:force_divisible_by=2{Colour},crop={small}:{low},boxblur=5:2,eq=brightness=-0.08,scale={width}:{height}[back{index}];");
                Add(graph, $"[f{index}]scale={width}:{height}:force_original_aspect_ratio=decrease:force_divisible_by=2{Colour}[front{index}];");
                Add(graph, $"[back{index}][front{index}]overlay=(W-w)/2:(H-h)/2");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(spec), spec.Fit, "Unknown fit.");
        }

        Add(graph, $",format=yuv420p,setsar=1,tpad=stop_mode=clone:stop=-1,trim=end_frame={spec.Slices[index].Frames},settb=1/{rate},setpts=N[s{index}];");
    }

    private const string Colour = ":out_color_matrix=bt709:out_range=tv";

    private static string CropTop(CropPosition position) => position switch
    {
        CropPosition.Top => "0",
        CropPosition.Bottom => "ih-oh",
        _ => "(ih-oh)/2",
    };

    private static int Even(int pixels) => Math.Max(2, pixels / 2 * 2);

    private static StringBuilder Add(StringBuilder graph, FormattableString part) => graph.Append(FormattableString.Invariant(part));
}
