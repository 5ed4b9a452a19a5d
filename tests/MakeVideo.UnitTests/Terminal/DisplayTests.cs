using System.Text.Json;
using MakeVideo.Contracts;
using MakeVideo.Terminal.Make;
using MakeVideo.UnitTests.Gateway;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;
using Xunit;

namespace MakeVideo.UnitTests.Terminal;

public sealed class DisplayTests
{
    [Fact]
    public async Task Json_events_are_one_line_each_in_snake_case_with_their_time()
    {
        var output = new StringWriter { NewLine = "\n" };
        await ShowAsync(new JsonDisplay(output, new FakeTimeProvider(Samples.Noon)));

        foreach (var line in output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var one = JsonDocument.Parse(line);
            Assert.Equal("event", one.RootElement.EnumerateObject().First().Name);
        }

        Golden.Match(output.ToString(), "events.jsonl");
    }

    [Fact]
    public void A_failed_job_is_an_event_with_the_code()
    {
        var output = new StringWriter { NewLine = "\n" };
        new JsonDisplay(output, new FakeTimeProvider(Samples.Noon)).Fail(JobFilm.Failed, JobFilm.Failed.Failure!);

        Golden.Match(output.ToString(), "failed.jsonl");
    }

    [Fact]
    public async Task Lines_tell_each_change_once()
    {
        var output = new StringWriter { NewLine = "\n" };
        await ShowAsync(new LineDisplay(output));

        var lines = output.ToString().Split('\n');
        Assert.Equal(lines.Length, lines.Distinct().Count());
        Assert.DoesNotContain(output.ToString(), letter => char.IsControl(letter) && letter != '\n');
        Golden.Match(output.ToString(), "lines.txt");
    }

    [Theory]
    [InlineData("picture-downloading.txt", 80)]
    [InlineData("picture-downloading-40.txt", 40)]
    [InlineData("picture-assembling.txt", 80)]
    public void The_picture_keeps_to_its_width(string golden, int width)
    {
        var picture = Draw(golden.Contains("assembling", StringComparison.Ordinal) ? JobFilm.Assembling : JobFilm.Downloading, width);

        Assert.All(picture.Split('\n'), line => Assert.True(line.Length <= width, line));
        Golden.Match(picture, golden);
    }

    [Fact]
    public void A_job_of_hundreds_of_items_keeps_to_the_window_too()
    {
        var crowd = JobFilm.Assembling with
        {
            Clips = [.. Enumerable.Range(0, 500).Select(n => new ItemView($"clip {n}", n % 2 == 0 ? ItemStatus.Done : ItemStatus.Rejected, 1, string.Concat(Enumerable.Repeat("no such thing ", 30))))],
            Segments = [.. Enumerable.Range(0, 900).Select(n => new ItemView($"{n}", ItemStatus.Waiting, 0))],
        };

        var lines = Draw(crowd, 80).Split('\n');

        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
        Assert.InRange(lines.Length, 10, 20);
    }

    [Theory]
    [InlineData(JobStatus.Completed, true, ": is finished already")]
    [InlineData(JobStatus.Failed, true, ": has failed before")]
    [InlineData(JobStatus.Parked, true, ": goes on where it stood")]
    [InlineData(JobStatus.AssemblingVideo, true, ": goes on where it stood")]
    [InlineData(JobStatus.Queued, false, "")]
    public void The_beginning_says_where_a_job_stands(JobStatus status, bool resumed, string expected) =>
        Assert.Equal(expected, Beginning.Of(JobFilm.Queued with { Status = status }, resumed));

    [Fact]
    public async Task The_live_display_ends_on_the_last_picture_and_the_summary()
    {
        var output = new StringWriter();
        await ShowAsync(new MakeVideo.Terminal.Make.LiveDisplay(Console(output, 80)));

        Assert.Contains(Samples.Id, output.ToString(), StringComparison.Ordinal);
        Assert.Contains("/videos/v.mp4", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("100 %", output.ToString(), StringComparison.Ordinal);
    }

    private static async Task ShowAsync(IJobDisplay display)
    {
        display.Begin(JobFilm.Queued, resumed: false);
        var last = await display.FollowAsync(JobFilm.PlayAsync(JobFilm.Queued, JobFilm.Downloading, JobFilm.Assembling, JobFilm.Completed));
        Assert.Equal(JobStatus.Completed, last.Status);
        display.Complete(last, last.Result!, "/videos/v.mp4");
    }

    private static string Draw(JobView view, int width)
    {
        var output = new StringWriter();
        Console(output, width).Write(JobPicture.Of(view, width));
        return string.Join('\n', output.ToString().Split('\n').Select(line => line.TrimEnd()));
    }

    private static IAnsiConsole Console(TextWriter output, int width)
    {
        var console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output), Interactive = InteractionSupport.No });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
