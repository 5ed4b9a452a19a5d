using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using MakeVideo.Sources;

namespace MakeVideo.Grains.Jobs;

/// <summary>fetching_shorts and downloading_shorts: clips that cover the target; then <see cref="ClipSelection"/>.</summary>
internal sealed class FootageBranch(JobLedger ledger, IGrainFactory grains, SourceOrder sources, BranchWaits waits, WorkOptions options)
{
    /// <summary>Accepted footage covers the target by this much before the branch stops fetching.</summary>
    private const double Margin = 1.1;

    private FootageSearch _search = null!;
    private bool _unneeded;

    /// <summary>The clips of the timeline by candidate index; the timeline itself is in the plan.</summary>
    /// <param name="analyzed">Completes when the plan has its frame count.</param>
    /// <param name="cancellation">Leaves fetches that other jobs share alone.</param>
    public async Task<Outcome<ImmutableDictionary<int, ReadyClip>>> RunAsync(Task analyzed, CancellationToken cancellation)
    {
        await ledger.BeginAsync(JobStage.FetchingShorts);
        var order = sources.For(ledger.Request.Source, ledger.Request.LibraryFolder);
        if (order.Failed)
        {
            return order.Failure;
        }

        _search = new(ledger, order.Value, sources.Mixed);
        if (ledger.Plan.Candidates.Count == 0 && await SearchAsync(atLeastOne: true, cancellation) is { } nothing)
        {
            return nothing;
        }

        var found = ledger.Plan.Candidates;
        await ledger.EndAsync(
            JobStage.FetchingShorts,
            new("source", null, string.Join(',', found.Select(clip => clip.Source).Distinct())), new("clips_found", found.Count, null));
        await analyzed.WaitAsync(cancellation);
        await ledger.BeginAsync(JobStage.DownloadingShorts);
        var accepted = await AcceptAsync(cancellation);
        if (accepted.Failed)
        {
            return accepted;
        }

        var selected = await new ClipSelection(ledger).SelectAsync(accepted.Value);
        waits.End(Branch.Footage);
        return selected;
    }

    /// <summary>Reads on in the sources. Null when that brought candidates.</summary>
    /// <param name="atLeastOne">There is none yet, so a service that is down is waited for in any case.</param>
    /// <param name="cancellation">Ends a wait too.</param>
    private async Task<JobFailure?> SearchAsync(bool atLeastOne, CancellationToken cancellation)
    {
        while (true)
        {
            var round = await _search.MoreAsync(cancellation);
            if (round.Found > 0)
            {
                return null;
            }

            // Where others gave footage, a service that is down is passed over like an empty one, unless the user will not have clips seen twice.
            var passedOver = !atLeastOne && _search.HasSeveral && ledger.Request.ShortFootage is not ShortFootage.Fail;
            if (round.Closed is not { } closed || passedOver)
            {
                return round.Failure ?? round.Closed ?? new JobFailure(FailureCodes.NoClipMatches, JobStage.FetchingShorts, "No more clips match the query.");
            }

            await waits.WaitAsync(Branch.Footage, closed, cancellation);
        }
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
        JobFailure? closed = null;
        while (true)
        {
            var (accepted, enough) = Prefix(answers);
            if (enough)
            {
                return accepted;
            }

            while (closed is null && asking.Count < options.ClipsAtOnce && Next(answers, asking) is { } next)
            {
                asking[next] = AskAsync(next, cancellation);
            }

            if (asking.Count == 0)
            {
                if (closed is not null)
                {
                    await waits.WaitAsync(Branch.Footage, closed, cancellation);
                    closed = null;
                }
                else if (await SearchAsync(atLeastOne: accepted.IsEmpty, cancellation) is not null)
                {
                    return accepted.Count > 0 ? accepted : NothingUsable(answers);
                }

                continue;
            }

            await Task.WhenAny(asking.Values);
            foreach (var (index, task) in asking.Where(entry => entry.Value.IsCompleted).ToList())
            {
                var answer = await task;
                asking.Remove(index);
                if (answer.Status is ClipStatus.Missing)
                {
                    closed = answer.Rejection;
                }
                else
                {
                    answers[index] = answer;
                }
            }
        }
    }

    /// <summary>The next candidate to ask for; null when there is none, or those accepted and under way should do.</summary>
    private int? Next(SortedDictionary<int, ClipAnswer> answers, Dictionary<int, Task<ClipAnswer>> asking)
    {
        var next = Enumerable.Range(0, ledger.Plan.Candidates.Count).Cast<int?>().FirstOrDefault(index => !answers.ContainsKey(index!.Value) && !asking.ContainsKey(index.Value));
        var ready = answers.Values.Select(answer => answer.Clip).OfType<ReadyClip>().Select(Seen).ToList();
        if (next is null || asking.Count == 0)
        {
            return next;
        }

        // What a source says of a length is a hint; without one, a clip is as long as those that came.
        var usual = ready.Count > 0 ? ready.Average() : Timeline.LongestSlice / 2.0;
        var expected = asking.Keys.Sum(index => ledger.Plan.Candidates[index].Seconds is { } seconds ? Math.Min(Timeline.FramesIn(seconds), Timeline.LongestSlice) : usual);
        return ready.Sum() + expected >= Margin * ledger.Plan.Frames || ready.Count + asking.Count >= ledger.Request.MaxShorts ? null : next;
    }

    /// <summary>The clips of a timeline that stands; null when there is none, or one of its clips is lost and it must be chosen anew.</summary>
    private async Task<ImmutableDictionary<int, ReadyClip>?> RecallAsync(CancellationToken cancellation)
    {
        if (ledger.Plan.Timeline is not { } timeline)
        {
            return null;
        }

        var indices = timeline.Select(slice => slice.Candidate).Distinct().ToArray();
        while (true)
        {
            var answers = await Task.WhenAll(indices.Select(index => AskAsync(index, cancellation)));
            if (answers.FirstOrDefault(answer => answer.Status is ClipStatus.Missing)?.Rejection is { } closed)
            {
                await waits.WaitAsync(Branch.Footage, closed, cancellation);
            }
            else if (answers.All(answer => answer.Clip is not null))
            {
                return indices.Zip(answers).ToImmutableDictionary(pair => pair.First, pair => pair.Second.Clip!);
            }
            else
            {
                ledger.DropTimeline();
                return null;
            }
        }
    }

    private async Task<ClipAnswer> AskAsync(int index, CancellationToken cancellation)
    {
        var candidate = ledger.Plan.Candidates[index];
        var clip = grains.GetGrain<IClipGrain>($"{candidate.Source}/{candidate.Id}");
        using var call = new ItemCall(ledger, $"clip {index + 1}", JobStage.DownloadingShorts);
        for (var failures = 0; ;)
        {
            ClipAnswer? answer;
            try
            {
                answer = await call.PollAsync(() => clip.EnsureAsync(candidate, ledger.JobId, ledger.Order), cancellation);
            }
            catch (OperationCanceledException) when (ledger.ForGood || _unneeded)
            {
                await clip.LeaveAsync(ledger.JobId);
                throw;
            }
            catch (OperationCanceledException) when (call.IsOverdue)
            {
                await ItemCall.StopAsync(clip.StopAsync);
                throw;
            }

            if (answer is null)
            {
                continue;
            }

            if (answer is { Status: ClipStatus.Missing, Rejection: { } closed } && Parking.IsUpstreams(closed))
            {
                // The branch waits for the service, when nothing else of it is under way.
                ledger.ClipWaits(index, closed.Message);
                return answer;
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
                frames += Seen(clip);
            }

            ledger.Report(JobStage.DownloadingShorts, Math.Min(1, frames / (Margin * ledger.Plan.Frames)));
            if (frames >= Margin * ledger.Plan.Frames || accepted.Count == ledger.Request.MaxShorts)
            {
                return (accepted.ToImmutable(), true);
            }
        }

        return (accepted.ToImmutable(), false);
    }

    /// <summary>Frames that a clip is good for before footage repeats.</summary>
    private static int Seen(ReadyClip clip) => Math.Min(Timeline.FramesIn(clip.Facts.Duration), Timeline.LongestSlice);

    private static JobFailure NothingUsable(SortedDictionary<int, ClipAnswer> answers) => new(
        FailureCodes.NoUsableClip, JobStage.DownloadingShorts,
        $"None of {answers.Count} clips can be used. The first: {answers.Values.FirstOrDefault()?.Rejection?.Message ?? "none was found."} Mend or replace the clips, or widen the query.");
}
