using System.CommandLine;
using MakeVideo.Contracts;
using MakeVideo.Terminal;
using MakeVideo.Terminal.Make;
using Xunit;

namespace MakeVideo.UnitTests.Terminal;

public sealed class VerbsTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(2, "silo-of-cards")]
    [InlineData(2, "make", "--frobnicate")]
    [InlineData(2, "make", "--seed", "many")]
    [InlineData(2, "make")]
    [InlineData(2, "all", "--library", "/nowhere/clips")]
    [InlineData(0, "--help")]
    [InlineData(0, "make", "--help")]
    [InlineData(0, "--version")]
    public async Task A_command_line_ends_with_its_documented_code(int expected, params string[] arguments)
    {
        var root = new RootCommand { MakeCommand.Create(), AllCommand.Create(), DoctorCommand.Create() };

        Assert.Equal(expected, await Verbs.RunAsync(root, arguments));
    }

    [Fact]
    public async Task A_bug_is_no_crash()
    {
        var broken = new Command("broken");
        broken.SetAction(int (_) => throw new InvalidOperationException("odd"));

        Assert.Equal(ExitCode.JobFailed, await Verbs.RunAsync(new RootCommand { broken }, ["broken"]));
    }

    [Theory]
    [InlineData("out/v-1.mp4", "out/v-1.mp4")]
    [InlineData("my video.mp4", "'my video.mp4'")]
    [InlineData("it's $HOME.mp4", "'it'\\''s $HOME.mp4'")]
    public void A_command_to_copy_is_quoted_for_the_shell(string text, string expected) => Assert.Equal(expected, MakeRun.Quoted(text));

    [Fact]
    public void A_complaint_is_one_line() =>
        Assert.Equal("error[disk_full]: No space left. Free some.", Complaint.Text(new(FailureCodes.DiskFull, null, "No space left.\nFree some.")));
}
