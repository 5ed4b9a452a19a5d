using System.ComponentModel;
using System.Globalization;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Uploads;
using Microsoft.AspNetCore.Http;

namespace MakeVideo.Gateway.Jobs;

/// <summary>The fields of <c>POST /make-video</c>, as the API describes them; the form itself is read as a stream.</summary>
internal sealed class MakeVideoForm
{
    [Description("mp3, wav, m4a, ogg, aac or flac; 5 s to 1 h, at most 100 MB")]
    public required IFormFile audio_file { get; init; }

    [Description("What the footage should show, 3 to 200 characters")]
    public required string query { get; init; }

    [Description("The most clips to use, 10 to 500"), DefaultValue(10)]
    public int max_shorts { get; init; }

    [Description("auto or ISO 639-1"), DefaultValue("auto")]
    public string? subtitle_language { get; init; }

    [DefaultValue("static")]
    public string? subtitle_style { get; init; }

    [DefaultValue("9:16")]
    public string? aspect_ratio { get; init; }

    [DefaultValue("center")]
    public string? crop_position { get; init; }

    [Description("crop, blur or pad"), DefaultValue("crop")]
    public string? fit { get; init; }

    [Description("preview, fast, medium or high"), DefaultValue("fast")]
    public string? quality { get; init; }

    [Description("The same seed and input give the same video"), DefaultValue(0)]
    public int seed { get; init; }

    [Description("loop or fail, when there is less footage than audio"), DefaultValue("loop")]
    public string? short_footage { get; init; }

    [Description("When nothing matches the query, use any clip of the library"), DefaultValue(false)]
    public bool any_clip { get; init; }

    [Description("The spoken words, if you have them: SRT, VTT or plain text, at most 1 MB")]
    public IFormFile? script { get; init; }

    /// <summary>A request from what was uploaded, or the first field that is wrong.</summary>
    public static Outcome<JobRequest> ToRequest(string jobId, UploadForm form, GatewayOptions options, DateTimeOffset now)
    {
        if (form.Audio is not { } audio)
        {
            return new JobFailure(FailureCodes.AudioMissing, null, "The part audio_file is missing. Send the speech as " + AudioSniff.Formats + ".");
        }

        if (form.Fields.GetValueOrDefault("query")?.Trim() is not { Length: >= 3 and <= 200 } query || query.Any(char.IsControl))
        {
            return new JobFailure(FailureCodes.QueryInvalid, null, "query must have 3 to 200 characters and no control characters. Say what the footage should show.");
        }

        JobFailure? wrong = null;
        var request = new JobRequest
        {
            JobId = jobId,
            AudioSha256 = audio.Sha256,
            AudioName = audio.Name,
            Query = query,
            MaxShorts = Number("max_shorts", 10, 10, 500),
            Language = form.Fields.GetValueOrDefault("subtitle_language") is { Length: > 0 } language ? language : options.DefaultLanguage,
            Style = Choice<CaptionStyle>("subtitle_style", FailureCodes.StyleUnknown),
            Aspect = Choice<AspectRatio>("aspect_ratio", FailureCodes.AspectUnknown),
            Crop = Choice<CropPosition>("crop_position", FailureCodes.OptionUnknown),
            Fit = Choice<FitMode>("fit", FailureCodes.OptionUnknown),
            Quality = Choice("quality", FailureCodes.QualityUnknown, Quality.Fast),
            Seed = Number("seed", 0, int.MinValue, int.MaxValue),
            ShortFootage = Choice<ShortFootage>("short_footage", FailureCodes.OptionUnknown),
            AnyClip = Flag("any_clip"),
            LibraryFolder = options.LibraryFolder,
            HasScript = form.Script is not null,
            ScriptSha256 = form.Script?.Sha256 ?? "",
            CreatedAt = now,
        };
        return wrong is null ? request : wrong;

        T Choice<T>(string field, string code, T otherwise = default)
            where T : struct, Enum
        {
            if (form.Fields.GetValueOrDefault(field) is not { Length: > 0 } text)
            {
                return otherwise;
            }

            var parsed = ApiNames.Parse<T>(text);
            wrong ??= parsed is null ? new(code, null, $"{field} '{UploadReader.CleanName(text)}' is unknown. Use one of: {string.Join(", ", ApiNames.All<T>())}") : null;
            return parsed ?? otherwise;
        }

        int Number(string field, int otherwise, int least, int most)
        {
            if (form.Fields.GetValueOrDefault(field) is not { Length: > 0 } text)
            {
                return otherwise;
            }

            var fits = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most;
            wrong ??= fits ? null : new(FailureCodes.InvalidRequest, null, $"{field} must be a whole number from {least} to {most}.");
            return number;
        }

        bool Flag(string field)
        {
            var text = form.Fields.GetValueOrDefault(field, "false");
            wrong ??= text is "true" or "false" ? null : new(FailureCodes.InvalidRequest, null, $"{field} must be true or false.");
            return text == "true";
        }
    }
}
