using MakeVideo.Contracts;
using MakeVideo.Gateway;
using MakeVideo.Gateway.Jobs;
using MakeVideo.Gateway.Uploads;

namespace MakeVideo.UnitTests.Gateway;

public sealed class MakeVideoFormTests
{
    private static readonly UploadedFile Audio = new("speech.mp3", "beef", 9);

    [Fact]
    public void A_query_alone_takes_the_defaults_that_clients_know()
    {
        var request = Read(("query", "  ocean waves ")).Value!;

        Assert.Equal(
            new JobRequest { JobId = Samples.Id, AudioSha256 = "beef", AudioName = "speech.mp3", Query = "ocean waves", LibraryFolder = "/library", CreatedAt = Samples.Noon },
            request);
        Assert.Equal((10, "auto", Quality.Fast, 0), (request.MaxShorts, request.Language, request.Quality, request.Seed));
    }

    [Fact]
    public void Every_field_is_taken()
    {
        var request = Read(
            [("query", "surf"), ("max_shorts", "500"), ("subtitle_language", "pt"), ("subtitle_style", "dynamic"), ("aspect_ratio", "4:5"), ("crop_position", "bottom"), ("fit", "blur"),
            ("quality", "preview"), ("seed", "-7"), ("short_footage", "fail"), ("any_clip", "true"), ("unknown", "ignored")], new("words.srt", "f00d", 3)).Value!;

        Assert.Equal(
            new JobRequest
            {
                JobId = Samples.Id, AudioSha256 = "beef", AudioName = "speech.mp3", Query = "surf", MaxShorts = 500, Language = "pt", Style = CaptionStyle.Dynamic, Aspect = AspectRatio.Portrait4x5,
                Crop = CropPosition.Bottom, Fit = FitMode.Blur, Quality = Quality.Preview, Seed = -7, ShortFootage = ShortFootage.Fail, AnyClip = true, LibraryFolder = "/library", HasScript = true,
                ScriptSha256 = "f00d", CreatedAt = Samples.Noon,
            },
            request);
    }

    [Theory]
    [InlineData("query", "ab", FailureCodes.QueryInvalid)]
    [InlineData("query", "  ab  ", FailureCodes.QueryInvalid)]
    [InlineData("query", "a\nb c", FailureCodes.QueryInvalid)]
    [InlineData("query", "nul\0nul", FailureCodes.QueryInvalid)]
    [InlineData("max_shorts", "9", FailureCodes.InvalidRequest)]
    [InlineData("max_shorts", "501", FailureCodes.InvalidRequest)]
    [InlineData("max_shorts", "ten", FailureCodes.InvalidRequest)]
    [InlineData("max_shorts", "10.5", FailureCodes.InvalidRequest)]
    [InlineData("max_shorts", "99999999999999999999", FailureCodes.InvalidRequest)]
    [InlineData("subtitle_language", "english", FailureCodes.LanguageUnsupported)]
    [InlineData("subtitle_language", "../x", FailureCodes.LanguageUnsupported)]
    [InlineData("subtitle_language", "EN", FailureCodes.LanguageUnsupported)]
    [InlineData("subtitle_style", "loud", FailureCodes.StyleUnknown)]
    [InlineData("subtitle_style", "0", FailureCodes.StyleUnknown)]
    [InlineData("aspect_ratio", "3:7", FailureCodes.AspectUnknown)]
    [InlineData("aspect_ratio", "Portrait9x16", FailureCodes.AspectUnknown)]
    [InlineData("crop_position", "left", FailureCodes.OptionUnknown)]
    [InlineData("fit", "stretch", FailureCodes.OptionUnknown)]
    [InlineData("quality", "best", FailureCodes.QualityUnknown)]
    [InlineData("seed", "2147483648", FailureCodes.InvalidRequest)]
    [InlineData("short_footage", "wait", FailureCodes.OptionUnknown)]
    [InlineData("any_clip", "maybe", FailureCodes.InvalidRequest)]
    public void A_wrong_field_is_named_in_one_line(string field, string value, string code)
    {
        var failure = Read(("query", field == "query" ? value : "ocean"), (field == "query" ? "seed" : field, field == "query" ? "1" : value)).Failure;

        Assert.Equal(code, failure!.Code);
        Assert.StartsWith(field, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(failure.Message, char.IsControl);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void A_query_has_at_most_200_characters(int length, bool fits) => Assert.Equal(fits, !Read(("query", new string('é', length))).Failed);

    [Fact]
    public void A_blank_field_counts_as_not_given()
    {
        var blank = Read([("query", "ocean"), .. "max_shorts subtitle_language subtitle_style aspect_ratio crop_position fit quality seed short_footage any_clip".Split(' ').Select(name => (name, " "))]);

        Assert.Equal(Read(("query", "ocean")).Value, blank.Value);
    }

    [Fact]
    public void What_a_client_wrote_is_shown_short_and_on_one_line()
    {
        var failure = Read(("query", "ocean"), ("fit", new string('x', 4000) + "\n\u202Eevil")).Failure!;

        Assert.True(failure.Message.Length < 150, failure.Message);
    }

    [Fact]
    public void A_form_without_audio_is_refused() =>
        Assert.Equal(FailureCodes.AudioMissing, MakeVideoForm.ToRequest(Samples.Id, new(new Dictionary<string, string> { ["query"] = "ocean" }, null, null), new(), Samples.Noon).Failure!.Code);

    private static Outcome<JobRequest> Read(params (string Name, string Value)[] fields) => Read(fields, null);

    private static Outcome<JobRequest> Read((string Name, string Value)[] fields, UploadedFile? script) =>
        MakeVideoForm.ToRequest(Samples.Id, new(fields.ToDictionary(one => one.Name, one => one.Value), Audio, script), new() { LibraryFolder = "/library" }, Samples.Noon);
}
