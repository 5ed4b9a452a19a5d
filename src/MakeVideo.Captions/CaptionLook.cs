using MakeVideo.Contracts;

namespace MakeVideo.Captions;

/// <summary>A style at one frame size. Lengths in pixels of the frame; colours as ASS writes them: <c>&amp;HAABBGGRR</c>, alpha 00 opaque.</summary>
/// <param name="FontSize">As libass takes it: ascent + descent.</param>
/// <param name="Outline">Width of the black edge.</param>
/// <param name="Shadow">Offset of the half-transparent shadow.</param>
/// <param name="SideMargin">Kept free left and right.</param>
/// <param name="BottomMargin">Kept free below the line.</param>
/// <param name="SafeWidth">What a line may take, its edge and shadow not counted.</param>
/// <param name="Text">Colour of words.</param>
/// <param name="Spoken">Colour of the word being spoken; as <paramref name="Text"/> in styles that do not show it.</param>
internal sealed record CaptionLook(int FontSize, double Outline, double Shadow, int SideMargin, int BottomMargin, double SafeWidth, string Text, string Spoken)
{
    /// <summary>A word that needs a smaller font than this share to fit is split instead: below it the phone is held closer to read.</summary>
    public const double MinScale = 0.6;

    private const string White = "&H00FFFFFF";
    private const string Yellow = "&H0000DDFF";

    /// <summary>
    /// The replaced service's styles kept in proportion (20 : 22 : 18 points, bold, outlined, centred low), sized to the frame: a ninth of the short
    /// side in 9:16, where two words then fill the line; less in flatter ones, which are watched on wider screens.
    /// </summary>
    public static CaptionLook For(CaptionStyle style, OutputFormat format)
    {
        var shortSide = Math.Min(format.Width, format.Height);
        var shape = (double)format.Width / format.Height;

        // Apps lay their buttons over the lower fifth and the right tenth of a 9:16 video; other shapes are shown with the controls outside or fleeting.
        var (size, side, bottom) = shape switch
        {
            < 0.7 => (0.110, 0.10, 0.21),
            < 0.9 => (0.100, 0.07, 0.11),
            < 1.3 => (0.095, 0.06, 0.09),
            _ => (0.090, 0.06, 0.08),
        };
        var (relative, edge, shade, spoken) = style switch
        {
            CaptionStyle.Static => (1.00, 0.070, 0.030, White),
            CaptionStyle.Dynamic => (1.10, 0.075, 0.035, Yellow),
            CaptionStyle.Minimal => (0.85, 0.032, 0.020, White),
            _ => throw new ArgumentOutOfRangeException(nameof(style), style, "Unknown caption style."),
        };

        var fontSize = Math.Max(8, (int)Math.Round(shortSide * size * relative));
        var outline = Math.Round(fontSize * edge, 1);
        var shadow = Math.Round(fontSize * shade, 1);
        var sideMargin = (int)Math.Round(format.Width * side);
        return new CaptionLook(
            fontSize,
            outline,
            shadow,
            sideMargin,
            (int)Math.Round(format.Height * bottom),
            Math.Max(1, format.Width - (2 * sideMargin) - (2 * outline) - shadow),
            White,
            spoken);
    }

    /// <summary>The largest font size, at most <see cref="FontSize"/>, at which a line stays inside the safe width.</summary>
    public int Fit(string line)
    {
        var width = CaptionFont.Width(line, FontSize);
        return width <= SafeWidth ? FontSize : Math.Max(1, (int)(FontSize * SafeWidth / width));
    }

    /// <summary>True when a line fits at the style's own size.</summary>
    public bool Fits(string line) => CaptionFont.Width(line, FontSize) <= SafeWidth;
}
