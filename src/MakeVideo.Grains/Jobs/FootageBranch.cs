using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using MakeVideo.Sources;

namespace MakeVideo.Grains.Jobs;

/// <summary>fetching_shorts, downloading_shorts and selecting_shorts: which slice of which clip is seen when.</summary>
internal sealed class FootageBranch(JobLedger ledger, IGrainFactory grains, IEnumerable<IFootageSource> sources, WorkOptions options)
{
    /// <summary>Accepted footage covers the target by this much before the branch stops fetching.</summary>
    private const double Margin = 1.1;

    private bool _unneeded;

    /// <summary>Fetch rounds of the replaced service.</summary>
    private const int MostPages = 10;

    /// <summary>The clips of the timeline by candidate index; the timeline itself is in the plan.</summary>
    /// <param name="analyzed">Completes when the plan has its frame count.</param>
    /// <param name="cancellation">Leaves fetches that other jobs share alone.</param>
    public async Task<Outcome<ImmutableDictionary<int, ReadyClip>>> RunAsync(Task analyzed, CancellationToken cancellation)
    {
        await ledger.BeginAsync(JobStage.FetchingShorts);
        if (ledger.Plan.Candidates.Count == 0 && await SearchAsync(cancellation) is { } nothing)
        {
            return nothing;
        }

        await analyzed.WaitAsync(cancellation);
        await ledger.BeginAsync(JobStage.DownloadingShorts);
        var accepted = await AcceptAsync(cancellation);
        if (accepted.Failed)
        {
            return accepted;
        }

        return await SelectAsync(accepted.Value);
    }

    /// <summary>Reads the next page into the plan. Null when it brought candidates.</summary>
    private async Task<JobFailure?> SearchAsync(CancellationToken cancellation)
    {
        var request = ledger.Request;
        var source = sources.First();
        var query = new FootageQuery(request.Query, request.AnyClip, request.LibraryFolder);
        var page = await source.SearchAsync(query, ledger.Plan.NextPage is { Length: > 0 } next ? next : null, cancellation);
        if (page.Failed)
        {
            return page.Failure;
        }

        var known = ledger.Plan.Candidates.Select(clip => clip.Id).ToHashSet();
        ledger.Plan.Candidates.AddRange(page.Value.Candidates.Where(clip => known.Add(clip.Id)));
        ledger.Plan.NextPage = page.Value.Next ?? "";
        ledger.Plan.SearchEnded = page.Value.Next is null;
        await ledger.SavePlanSoonAsync();
        await ledger.EndAsync(JobStage.FetchingShorts, new("source", null, source.Name), new("clips_found", ledger.Plan.Candidates.Count, null));
        return null;
    }

    /// <summary>
    /// Asks for clips in search order, a few at once, until those accepted cover the target. Which are used depends on the order alone,
    /// never on which fetch was faster: a job that resumes uses the same.
    /// </summary>
    private async Task<Outcome<ImmutableDictionary<int, ReadyClip>>> AcceptAsync(CancellationToken cancellation)
    {
        if (await RecallAsync(cancellation) is { } chosen)
        {
            return chosen;
        }

        var asking = new Dictionary<int, Task<ClipAnswer>>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            var accepted = await AcceptAsync(asking, stop.Token);
            _unneeded = true;
            return accepted;
        }
        finally
        {
            // None of the others may report to a job that has gone on, or moved: then their fetches go on without it.
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(asking.Values)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private async Task<Outcome<ImmutableDictionary<int, ReadyClip>>> AcceptAsync(Dictionary<int, Task<ClipAnswer>> asking, CancellationToken cancellation)
    {
        var answers = new SortedDictionary<int, ClipAnswer>();
        for (var (next, pages) = (0, 1); ;)
        {
            var (accepted, enough) = Prefix(answers);
            if (enough)
            {
                return accepted;
            }

            while (asking.Count < options.ClipsAtOnce && next < ledger.Plan.Candidates.Count)
            {
                asking[next] = AskAsync(next, cancellation);
                next++;
            }

            if (asking.Count == 0)
            {
                if (!ledger.Plan.SearchEnded && pages++ < MostPages && await SearchAsync(cancellation) is null)
                {
                    continue;
                }

                return accepted.Count > 0 ? accepted : NothingUsable(answers);
            }

            await Task.WhenAny(asking.Values);
            foreach (var (index, task) in asking.Where(entry => entry.Value.IsCompleted).ToList())
            {
                answers[index] = await task;
                asking.Remove(index);
            }
        }
    }

    /// <summary>The clips of a timeline that stands; null when there is none, or one of its clips is lost and it must be chosen anew.</summary>
    private async Task<ImmutableDictionary<int, ReadyClip>?> RecallAsync(CancellationToken cancellation)
    {
        if (ledger.Plan.Timeline is not { } timeline)
        {
            return null;
        }

        var indices = timeline.Select(slice => slice.Candidate).Distinct().ToArray();
        var answers = await Task.WhenAll(indices.Select(index => AskAsync(index, cancellation)));
        if (answers.All(answer => answer.Clip is not null))
        {
            return indices.Zip(answers).ToImmutableDictionary(pair => pair.First, pair => pair.Second.Clip!);
        }

        ledger.Plan.Timeline = null;
        return null;
    }

    private async Task<ClipAnswer> AskAsync(int index, CancellationToken cancellation)
    {
        var candidate = ledger.Plan.Candidates[index];
        var clip = grains.GetGrain<IClipGrain>($"{candidate.Source}/{candidate.Id}");
        var call = new ItemCall(ledger, $"clip {index + 1}");
        for (var failures = 0; ;)
        {
            ClipAnswer? answer;
            try
            {
                answer = await call.PollAsync(() => clip.EnsureAsync(candidate, ledger.JobId, JobOrder.Of(ledger.Request)), given => given.Silo, cancellation);
            }
            catch (OperationCanceledException) when (ledger.ForGood || _unneeded)
            {
                await clip.LeaveAsync(ledger.JobId);
                throw;
            }

            if (answer is null)
            {
                continue;
            }

            var code = answer.Status switch
            {
                ClipStatus.Ready => ItemCodes.Done,
                ClipStatus.Rejected => ItemCodes.OfRejection(answer.Rejection!.Code),
                _ => ItemCodes.Working,
            };
            if (answer is { Status: ClipStatus.Missing, Rejection.Code: not FailureCodes.Stopped } && ++failures > 1)
            {
                if (Parking.For(answer.Rejection, ledger.Now) is not null)
                {
                    // The machine is to blame: the job waits, the clip is not judged.
                    throw new ItemParkedException(answer.Rejection);
                }

                // The source is to blame, twice: the clip is passed over, but not condemned.
                answer = answer with { Status = ClipStatus.Rejected };
                code = ItemCodes.Failed;
            }

            if (ledger.ReportClip(index, code, answer.Fraction, answer.Rejection?.Message, answer.Seconds, answer.Silo))
            {
                await ledger.SaveSoonAsync();
            }

            if (answer.Status is ClipStatus.Ready or ClipStatus.Rejected)
            {
                return answer;
            }
        }
    }

    /// <summary>The accepted clips that stand before the first undecided one, and whether they suffice.</summary>
    private (ImmutableDictionary<int, ReadyClip> Accepted, bool Enough) Prefix(SortedDictionary<int, ClipAnswer> answers)
    {
        var accepted = ImmutableDictionary.CreateBuilder<int, ReadyClip>();
        var contents = new HashSet<string>();
        var frames = 0;
        for (var index = 0; answers.TryGetValue(index, out var answer); index++)
        {
            // The same bytes under two names are one clip.
            if (answer.Clip is { } clip && contents.Add(clip.Sha256))
            {
                accepted[index] = clip;
                frames += Math.Min(Timeline.FramesIn(clip.Facts.Duration), Timeline.LongestSlice);
            }

            ledger.Report(JobStage.DownloadingShorts, Math.Min(1, frames / (Margin * ledger.Plan.Frames)));
            if (frames >= Margin * ledger.Plan.Frames || accepted.Count == ledger.Request.MaxShorts)
            {
                return (accepted.ToImmutable(), true);
            }
        }

        return (accepted.ToImmutable(), false);
    }

    private async Task<Outcome<ImmutableDictionary<int, ReadyClip>>> SelectAsync(ImmutableDictionary<int, ReadyClip> accepted)
    {
        await ledger.EndAsync(
            JobStage.DownloadingShorts,
            new("clips_accepted", accepted.Count, null),
            new("clips_rejected", ledger.Progress.Clips.Count(code => ItemCodes.Read(code).Status is ItemStatus.Rejected), null),
            new("footage_seconds", Math.Round(accepted.Values.Sum(clip => clip.Facts.Duration), 3), null));
        await ledger.BeginAsync(JobStage.SelectingShorts);
        if (ledger.Plan.Timeline is null)
        {
            var footage = accepted.OrderBy(entry => entry.Key).Select(entry => new Footage(entry.Key, Timeline.FramesIn(entry.Value.Facts.Duration))).ToImmutableArray();
            var seen = footage.Sum(clip => clip.Frames);
            if (ledger.Request.ShortFootage is ShortFootage.Fail && seen < ledger.Plan.Frames)
            {
                return new JobFailure(
                    FailureCodes.FootageTooShort, JobStage.SelectingShorts,
                    $"Only {seen / 30.0:0.0} s of footage for {ledger.Plan.Frames / 30.0:0.0} s of video. Add clips, widen the query, raise max_shorts, or allow looping (short_footage=loop).");
            }

            ledger.Plan.Timeline = Timeline.Choose(footage, ledger.Plan.Frames, Seed(), out var looped);
            ledger.Plan.LoopedFrames = looped;
            ledger.Plan.Chosen = [.. ledger.Plan.Timeline.Value.Select(slice => slice.Candidate).Distinct().Select(index => Chosen(index, accepted[index].Facts))];
            await ledger.SavePlanAsync();
        }

        await ledger.EndAsync(
            JobStage.SelectingShorts,
            new("slices", ledger.Plan.Timeline.Value.Length, null),
            new("looped_seconds", Math.Round(ledger.Plan.LoopedFrames / 30.0, 3), null));
        return accepted;
    }

    private static ChosenClip Chosen(int candidate, ClipFacts facts) => new(candidate, facts.Width, facts.Height, facts.FramesPerSecond);

    private static JobFailure NothingUsable(SortedDictionary<int, ClipAnswer> answers) => new(
        FailureCodes.NoUsableClip, JobStage.DownloadingShorts,
        $"None of {answers.Count} clips can be used. The first: {answers.Values.FirstOrDefault()?.Rejection?.Message ?? "none was found."} Mend or replace the clips, or widen the query.");

    // The user's seed, mixed with what is shown: another audio gets another choice under the same seed.
    private ulong Seed()
    {
        var request = ledger.Request;
        var mixed = SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Seed}/{request.AudioSha256}/{request.Query}"));
        return BitConverter.ToUInt64(mixed);
    }
}
