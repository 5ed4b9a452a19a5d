using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MakeVideo.Media.Probing;

/// <summary>What ffprobe prints with <c>-of json -show_streams -show_format</c>; everything may be missing.</summary>
internal sealed record ProbeJson(
    [property: JsonPropertyName("streams")] ProbeStream[]? Streams,
    [property: JsonPropertyName("format")] ProbeFormat? Format)
{
    /// <summary>Null when it is no JSON.</summary>
    public static ProbeJson? Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<ProbeJson>(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The first moving picture; cover art is none.</summary>
    public ProbeStream? Video => Streams?.FirstOrDefault(stream => stream is { CodecType: "video", Disposition: not { AttachedPicture: 1 } });

    public ProbeStream? Audio => Streams?.FirstOrDefault(stream => stream.CodecType == "audio");
}

internal sealed record ProbeFormat([property: JsonPropertyName("duration")] string? Duration);

internal sealed record ProbeStream(
    [property: JsonPropertyName("codec_type")] string? CodecType,
    [property: JsonPropertyName("codec_name")] string? CodecName,
    [property: JsonPropertyName("width")] int Width,
    [property: JsonPropertyName("height")] int Height,
    [property: JsonPropertyName("sample_aspect_ratio")] string? SampleAspectRatio,
    [property: JsonPropertyName("pix_fmt")] string? PixelFormat,
    [property: JsonPropertyName("sample_rate")] string? SampleRate,
    [property: JsonPropertyName("channels")] int Channels,
    [property: JsonPropertyName("duration")] string? Duration,
    [property: JsonPropertyName("disposition")] ProbeDisposition? Disposition,
    [property: JsonPropertyName("side_data_list")] ProbeSide[]? Sides)
{
    /// <summary>Width over height of one pixel; 1 where the file does not say.</summary>
    public double PixelAspect =>
        SampleAspectRatio?.Split(':') is [var over, var under]
        && double.TryParse(over, CultureInfo.InvariantCulture, out var x) && double.TryParse(under, CultureInfo.InvariantCulture, out var y) && x > 0 && y > 0
            ? x / y
            : 1;

    /// <summary>True when the file asks to be shown turned by a quarter.</summary>
    public bool Sideways => Sides?.Any(side => Math.Abs(side.Rotation) % 180 == 90) is true;
}

internal sealed record ProbeDisposition([property: JsonPropertyName("attached_pic")] int AttachedPicture);

internal sealed record ProbeSide([property: JsonPropertyName("rotation")] double Rotation);
