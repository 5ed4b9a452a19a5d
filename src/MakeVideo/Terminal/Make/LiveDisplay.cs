using MakeVideo.Contracts;
using Spectre.Console;

namespace MakeVideo.Terminal.Make;

/// <summary>The job as a picture that changes in place.</summary>
internal sealed class LiveDisplay(IAnsiConsole console) : IJobDisplay
{
    public void Begin(JobView view, bool resumed) =>
        console.MarkupLineInterpolated($"[grey]job {view.Request.JobId}{Beginning.Of(view, resumed)}[/]");

    public async Task<JobView> FollowAsync(IAsyncEnumerable<JobView> views)
    {
        JobView? last = null;
        await console.Live(new Text("")).Overflow(VerticalOverflow.Crop).StartAsync(async live =>
        {
            await foreach (var view in views)
            {
                last = view;
                live.UpdateTarget(JobPicture.Of(view, console.Profile.Width));
                live.Refresh();
            }
        });
        return last!;
    }

    public void Complete(JobView view, JobResult result, string path) => console.WriteLine(Summary.Of(view, result, path));

    public void Fail(JobView view, JobFailure failure)
    {
    }
}
