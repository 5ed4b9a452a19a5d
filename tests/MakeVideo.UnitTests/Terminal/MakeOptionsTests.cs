using MakeVideo.Contracts;
using MakeVideo.Terminal;
using MakeVideo.Terminal.Make;
using Xunit;

namespace MakeVideo.UnitTests.Terminal;

public sealed class MakeOptionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("makevideo-options-").FullName;

    public MakeOptionsTests()
    {
        File.WriteAllBytes(In("speech.wav"), [1, 2, 3]);
        File.WriteAllText(In("words.txt"), "words");
        Directory.CreateDirectory(In("clips"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_option_of_the_command_line_reaches_the_request()
    {
        var options = await ParseAsync(
            "--audio", In("speech.wav"), "--query", "  city night ", "--library", In("clips"), "--out", In("v.mp4"), "--script", In("words.txt"),
            "--aspect", "4:5", "--fit", "blur", "--crop", "bottom", "--style", "minimal", "--quality", "high", "--short-footage", "fail", "--language", "pt",
            "--seed", "-7", "--max-shorts", "40", "--any-clip", "--json", "--data", In("data"), "--models", "/models");
        var request = options.Check();

        Assert.Null(request.Failure);
        Assert.Equal(
            new JobRequest
            {
                JobId = "",
                AudioSha256 = "",
                AudioName = "speech.wav",
                Query = "city night",
                MaxShorts = 40,
                Language = "pt",
                Aspect = AspectRatio.Portrait4x5,
                Style = CaptionStyle.Minimal,
                Quality = Quality.High,
                Fit = FitMode.Blur,
                Crop = CropPosition.Bottom,
                ShortFootage = ShortFootage.Fail,
                Seed = -7,
                AnyClip = true,
                LibraryFolder = In("clips"),
                HasScript = true,
            },
            request.Value);
        Assert.True(options.Json);
        Assert.Equal((In("data"), "/models"), (options.Data, options.Models));
    }

    [Fact]
    public async Task Without_options_a_request_is_what_the_api_makes_of_an_empty_form()
    {
        var request = (await ParseAsync("--audio", In("speech.wav"), "--query", "city", "--library", In("clips"), "--out", In("v.mp4"))).Check();

        Assert.Equal(
            new JobRequest { JobId = "", AudioSha256 = "", AudioName = "speech.wav", Query = "city", LibraryFolder = In("clips") },
            request.Value);
    }

    [Fact]
    public async Task A_source_outside_needs_no_library()
    {
        var request = (await ParseAsync("--audio", In("speech.wav"), "--query", "city", "--source", "pexels", "--out", In("v.mp4"))).Check();

        Assert.Null(request.Failure);
        Assert.Equal(("pexels", null), (request.Value!.Source, request.Value.LibraryFolder));
    }

    public static TheoryData<string, string[], string> Wrong => new()
    {
        { FailureCodes.AudioMissing, ["--audio", ""], "--audio is missing" },
        { FailureCodes.AudioMissing, ["--audio", "nowhere.wav"], "nowhere.wav is not there" },
        { FailureCodes.AudioMissing, ["--audio", "clips"], "clips is a folder" },
        { FailureCodes.ScriptInvalid, ["--script", "nowhere.txt"], "nowhere.txt is not there" },
        { FailureCodes.QueryInvalid, ["--query", " ab "], "3 to 200 characters" },
        { FailureCodes.QueryInvalid, ["--query", "ab\u001b[2J"], "3 to 200 characters" },
        { FailureCodes.LibraryMissing, ["--library", ""], "--library is missing" },
        { FailureCodes.LibraryMissing, ["--library", "speech.wav"], "speech.wav is not a folder" },
        { FailureCodes.InvalidRequest, ["--out", ""], "--out is missing" },
        { FailureCodes.OutputNotWritable, ["--out", "clips"], "clips is a folder" },
        { FailureCodes.OutputNotWritable, ["--out", "nowhere/v.mp4"], "in a folder that is not there" },
        { FailureCodes.OutputNotWritable, ["--out", "/dev/null"], "is a device" },
        { FailureCodes.OutputNotWritable, ["--out", "v.srt"], "subtitles" },
        { FailureCodes.OutputNotWritable, ["--out", "clips/../speech.wav"], "is one of the inputs" },
        { FailureCodes.InvalidRequest, ["--max-shorts", "9"], "10 to 500" },
        { FailureCodes.InvalidRequest, ["--max-shorts", "501"], "10 to 500" },
        { FailureCodes.AspectUnknown, ["--aspect", "3:7"], "Use one of: 9:16, 16:9, 1:1, 4:5" },
        { FailureCodes.StyleUnknown, ["--style", "loud"], "Use one of: static, dynamic, minimal" },
        { FailureCodes.QualityUnknown, ["--quality", "Fast"], "Use one of: preview, fast, medium, high" },
        { FailureCodes.OptionUnknown, ["--fit", "1"], "Use one of: crop, blur, pad" },
        { FailureCodes.OptionUnknown, ["--crop", "left"], "Use one of: center, top, bottom" },
        { FailureCodes.OptionUnknown, ["--short-footage", "x\ny"], "Use one of: loop, fail" },
        { FailureCodes.JobNotFound, ["--resume", "../../etc/passwd"], "is no job id" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_wrong_is_one_line_with_its_code_and_a_remedy(string code, string[] wrong, string says)
    {
        var arguments = new List<string> { "--audio", In("speech.wav"), "--query", "city", "--library", In("clips"), "--out", In("v.mp4") };
        var at = arguments.IndexOf(wrong[0]);
        var value = wrong[0] is "--audio" or "--script" or "--library" or "--out" && wrong[1].Length > 0 && wrong[1][0] != '/' ? In(wrong[1]) : wrong[1];
        if (at < 0)
        {
            arguments.AddRange([wrong[0], value]);
        }
        else
        {
            arguments[at + 1] = value;
        }

        var failure = (await ParseAsync([.. arguments])).Check().Failure;

        Assert.Equal(code, failure?.Code);
        Assert.Contains(says, failure!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Complaint.Text(failure), char.IsControl);
        Assert.StartsWith($"error[{code}]: ", Complaint.Text(failure), StringComparison.Ordinal);
        Assert.Equal(3, Directory.GetFileSystemEntries(_folder).Length);
    }

    [Fact]
    public async Task A_resumed_job_needs_only_its_id_and_a_place_for_the_video()
    {
        var id = JobIds.Create();
        var request = (await ParseAsync("--resume", id, "--out", In("v.mp4"))).Check();

        Assert.Equal(id, request.Value?.JobId);
    }

    private static async Task<MakeOptions> ParseAsync(params string[] arguments)
    {
        MakeOptions? seen = null;
        var parsed = MakeCommand.Create(options =>
        {
            seen = options;
            return Task.FromResult(0);
        }).Parse(arguments);
        Assert.Empty(parsed.Errors);
        await parsed.InvokeAsync(cancellationToken: TestContext.Current.CancellationToken);
        return seen!;
    }

    private string In(string name) => Path.Combine(_folder, name);
}
