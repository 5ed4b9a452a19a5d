using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.RegularExpressions;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Uploads;
using Microsoft.AspNetCore.Http;

namespace MakeVideo.Gateway.Jobs;

/// <summary>The fields of <c>POST /make-video</c>, as the API describes them; the form itself is read as a stream.</summary>
internal sealed partial class MakeVideoForm
{
    private const int ShortestQuery = 3;
    private const int LongestQuery = 200;
    private const int FewestShorts = 10;
    private const int MostShorts = 500;
    private const int LongestSource = 200;

    [Description("mp3, wav, m4a, ogg, aac or flac; 5 s to 1 h, at most 100 MB")]
    public required IFormFile AudioFile { get; init; }

    [Description("What the footage should show"), MinLength(ShortestQuery), MaxLength(LongestQuery)]
    public required string Query { get; init; }

    [Description("The most clips to use"), DefaultValue(FewestShorts), Range(FewestShorts, MostShorts)]
    public int MaxShorts { get; init; }

    [Description("auto, or two letters of ISO 639-1; the server may be set to another default"), DefaultValue("auto")]
    public string? SubtitleLanguage { get; init; }

    [DefaultValue(CaptionStyle.Static)]
    public CaptionStyle SubtitleStyle { get; init; }

    [DefaultValue(AspectRatio.Portrait9x16)]
    public AspectRatio AspectRatio { get; init; }

    [Description("Which part of a clip survives when fit is crop"), DefaultValue(CropPosition.Center)]
    public CropPosition CropPosition { get; init; }

    [Description("How a clip of another shape fills the frame"), DefaultValue(FitMode.Crop)]
    public FitMode Fit { get; init; }

    [Description("preview is 360 pixels wide; the others are full size, from quick to good"), DefaultValue(Quality.Fast)]
    public Quality Quality { get; init; }

    [Description("The same seed and input give the same video"), DefaultValue(0)]
    public int Seed { get; init; }

    [Description("What to do when there is less footage than audio"), DefaultValue(ShortFootage.Loop)]
    public ShortFootage ShortFootage { get; init; }

    [Description("When nothing matches the query, use any clip of the library"), DefaultValue(false)]
    public bool AnyClip { get; init; }

    [Description("Where the footage comes from: names of sources in order, separated by commas (library, youtube, pexels, pixabay, yt-dlp; those that the server has); without it, as the server is set"), MaxLength(LongestSource)]
    public string? Source { get; init; }

    [Description("The spoken words, if you have them: SRT, VTT or plain text, at most 1 MB")]
    public IFormFile? Script { get; init; }

    /// <summary>A request from what was uploaded, or the first field that is wrong.</summary>
    public static Outcome<JobRequest> ToRequest(string jobId, UploadForm form, GatewayOptions options, DateTimeOffset now, string? owner = null)
    {
        if (form.Audio is not { } audio)
        {
            return new JobFailure(FailureCodes.AudioMissing, null, "The part audio_file is missing. Send the speech as " + AudioSniff.Formats + ".");
        }

        if (form.Fields.GetValueOrDefault("query")?.Trim() is not { Length: >= ShortestQuery and <= LongestQuery } query || query.Any(char.IsControl))
        {
            return new JobFailure(FailureCodes.QueryInvalid, null, $"query must have {ShortestQuery} to {LongestQuery} characters and no control characters. Say what the footage should show.");
        }

        JobFailure? wrong = null;
        var request = new JobRequest
        {
            JobId = jobId,
            AudioSha256 = audio.Sha256,
            AudioName = audio.Name,
            Query = query,
            MaxShorts = Number("max_shorts", FewestShorts, FewestShorts, MostShorts),
            Language = Language(),
            Style = Choice<CaptionStyle>("subtitle_style", FailureCodes.StyleUnknown),
            Aspect = Choice<AspectRatio>("aspect_ratio", FailureCodes.AspectUnknown),
            Crop = Choice<CropPosition>("crop_position", FailureCodes.OptionUnknown),
            Fit = Choice<FitMode>("fit", FailureCodes.OptionUnknown),
            Quality = Choice("quality", FailureCodes.QualityUnknown, Quality.Fast),
            Seed = Number("seed", 0, int.MinValue, int.MaxValue),
            ShortFootage = Choice<ShortFootage>("short_footage", FailureCodes.OptionUnknown),
            AnyClip = Flag("any_clip"),
            LibraryFolder = options.LibraryFolder,
            Source = Source(),
            HasScript = form.Script is not null,
            ScriptSha256 = form.Script?.Sha256 ?? "",
            CreatedAt = now,
            Owner = owner,
        };
        return wrong is null ? request : wrong;

        // A field that is there but blank is what an untouched input of a web form sends: not given.
        string? Given(string field) => form.Fields.GetValueOrDefault(field)?.Trim() is { Length: > 0 } text ? text : null;

        string Language()
        {
            var language = Given("subtitle_language") ?? options.DefaultLanguage;
            wrong ??= LanguageCode().IsMatch(language) ? null
                : new(FailureCodes.LanguageUnsupported, null, $"subtitle_language '{Shown(language)}' is no language. Use auto, or two small letters of ISO 639-1: en.");
            return language;
        }

        // Which names there are, the silos know.
        string? Source()
        {
            var source = Given("source");
            wrong ??= source is null || (source.Length <= LongestSource && SourceNames().IsMatch(source)) ? null
                : new(FailureCodes.SourceUnknown, null, $"source '{Shown(source)}' is no list of sources. Give names, separated by commas: library,pexels.");
            return source;
        }

        T Choice<T>(string field, string code, T otherwise = default)
            where T : struct, Enum
        {
            if (Given(field) is not { } text)
            {
                return otherwise;
            }

            var parsed = ApiNames.Parse<T>(text);
            wrong ??= parsed is null ? new(code, null, $"{field} '{Shown(text)}' is unknown. Use one of: {string.Join(", ", ApiNames.All<T>())}") : null;
            return parsed ?? otherwise;
        }

        int Number(string field, int otherwise, int least, int most)
        {
            if (Given(field) is not { } text)
            {
                return otherwise;
            }

            var fits = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most;
            wrong ??= fits ? null : new(FailureCodes.InvalidRequest, null, $"{field} must be a whole number from {least} to {most}.");
            return number;
        }

        bool Flag(string field)
        {
            var text = Given(field) ?? "false";
            wrong ??= text is "true" or "false" ? null : new(FailureCodes.InvalidRequest, null, $"{field} must be true or false.");
            return text == "true";
        }
    }

    private static string Shown(string text) => UploadReader.CleanName(text.Length > 40 ? text[..40] + "..." : text);

    [GeneratedRegex("^[a-z0-9-]+( *, *[a-z0-9-]+)*\\z")]
    private static partial Regex SourceNames();

    [GeneratedRegex("^(auto|[a-z]{2})\\z")]
    private static partial Regex LanguageCode();
}
