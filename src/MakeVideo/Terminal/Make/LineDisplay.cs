using System.Globalization;
using MakeVideo.Contracts;

namespace MakeVideo.Terminal.Make;

/// <summary>One line a change, for logs and pipes.</summary>
internal sealed class LineDisplay(TextWriter output) : IJobDisplay
{
    public void Begin(JobView view, bool resumed) => output.WriteLine($"job {view.Request.JobId}{Beginning.Of(view, resumed)}");

    public async Task<JobView> FollowAsync(IAsyncEnumerable<JobView> views)
    {
        JobView? last = null;
        await foreach (var view in views)
        {
            foreach (var line in JobChanges.Between(last, view).Select(change => change.Line).OfType<string>())
            {
                output.WriteLine(line);
            }

            last = view;
        }

        return last!;
    }

    public void Complete(JobView view, JobResult result, string path) => output.WriteLine(Summary.Of(view, result, path));

    public void Fail(JobView view, JobFailure failure)
    {
    }
}

/// <summary>How the display of a job begins.</summary>
internal static class Beginning
{
    public static string Of(JobView view, bool resumed) => (resumed, view.Status) switch
    {
        (true, JobStatus.Completed) => ": is finished already",
        (true, JobStatus.Failed or JobStatus.Cancelled or JobStatus.DeadLettered) => $": has {ApiNames.Of(view.Status)} before",
        (true, _) => ": goes on where it stood",
        _ => "",
    };
}

/// <summary>What a finished job left, in a few lines.</summary>
internal static class Summary
{
    public static string Of(JobView view, JobResult result, string path)
    {
        var lines = new List<string>
        {
            path,
            Line($"{result.Format.Width}x{result.Format.Height}, {result.Duration:0.00} s, {result.Frames} frames, {result.FileSize / 1e6:0.0} MB, {result.SubtitleSegments} captions, {result.Shorts.Select(used => used.VideoId).Distinct().Count()} clips, sha256 {result.Sha256[..12]}"),
            Line($"segments: {result.SegmentsRendered} rendered, {result.SegmentsReused} reused"),
        };
        if (result.LoopedSeconds > 0)
        {
            lines.Add(Line($"{result.LoopedSeconds:0.0} s show footage a second time: there was too little of it"));
        }

        lines.AddRange(view.Stages.Select(stage => Line($"{ApiNames.Of(stage.Stage),-20} {stage.Seconds,7:0.00} s")));
        lines.Add(Line($"{"all",-20} {result.ProcessingSeconds,7:0.00} s"));
        return string.Join(Environment.NewLine, lines);
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
