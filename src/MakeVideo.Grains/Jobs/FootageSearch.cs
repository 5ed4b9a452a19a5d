using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.Sources;

namespace MakeVideo.Grains.Jobs;

/// <summary>What a round of searching brought.</summary>
/// <param name="Found">Candidates that the plan did not have.</param>
/// <param name="Closed">A source that may have more, once its service is back.</param>
/// <param name="Failure">Why the first source has nothing, when nothing was found.</param>
internal sealed record SearchRound(int Found, JobFailure? Closed, JobFailure? Failure);

/// <summary>Reads pages of the job's sources into its plan, none twice. A source that is empty, or fails, is passed over for the next.</summary>
/// <param name="ledger">Whose plan.</param>
/// <param name="order">First choice first; at least one.</param>
/// <param name="mixed">A page of each source in a round, in turn, instead of the first that has any.</param>
internal sealed class FootageSearch(JobLedger ledger, ImmutableArray<IFootageSource> order, bool mixed)
{
    /// <summary>Fetch rounds of the replaced service; of each source.</summary>
    private const int MostPages = 10;

    /// <summary>A search that failed is made again once: another answer may come.</summary>
    private const int Attempts = 2;

    /// <summary>Sources with nothing more for this attempt. Not kept: who retries a job has perhaps added clips, or mended a key.</summary>
    private readonly Dictionary<string, JobFailure?> _over = [];

    /// <summary>Whether a source beside the first may be asked.</summary>
    public bool HasSeveral => order.Length > 1;

    /// <summary>Reads on; the plan is saved soon.</summary>
    public async Task<SearchRound> MoreAsync(CancellationToken cancellation)
    {
        // Asked for more while clips are downloaded, it is that stage's time that runs.
        ledger.Watch?.Work(JobStage.DownloadingShorts, "search", atWork: true);
        try
        {
            return await RoundAsync(cancellation);
        }
        finally
        {
            ledger.Watch?.Work(JobStage.DownloadingShorts, "search", atWork: false);
        }
    }

    private async Task<SearchRound> RoundAsync(CancellationToken cancellation)
    {
        JobFailure? closed = null;
        var pages = new List<ImmutableArray<ClipCandidate>>();
        foreach (var source in order)
        {
            while (MayHaveMore(source) && (mixed || pages.Count == 0))
            {
                var page = await ReadAsync(source, cancellation);
                if (page.Failed && Parking.IsUpstreams(page.Failure))
                {
                    closed = closed?.RetryAt <= page.Failure.RetryAt ? closed : page.Failure;
                    break;
                }

                if (!page.Failed && page.Value is { IsEmpty: false } news)
                {
                    pages.Add(news);
                    break;
                }
            }
        }

        var found = Interleaved(pages);
        ledger.Plan.Candidates.AddRange(found);
        if (found.Length > 0)
        {
            await ledger.SavePlanSoonAsync();
        }

        return new(found.Length, closed, order.Select(source => _over.GetValueOrDefault(source.Name)).OfType<JobFailure>().FirstOrDefault());
    }

    private bool MayHaveMore(IFootageSource source) => !_over.ContainsKey(source.Name) && ledger.Plan.SearchOf(source.Name) is { Ended: false, Pages: < MostPages };

    /// <summary>The next page of a source, without what the plan has.</summary>
    private async Task<Outcome<ImmutableArray<ClipCandidate>>> ReadAsync(IFootageSource source, CancellationToken cancellation)
    {
        var request = ledger.Request;
        var query = new FootageQuery(request.Query, request.AnyClip, request.LibraryFolder);
        var search = ledger.Plan.SearchOf(source.Name);
        for (var attempt = 1; ; attempt++)
        {
            var page = await source.SearchAsync(query, search.Next, cancellation);
            if (!page.Failed)
            {
                (search.Next, search.Ended) = (page.Value.Next, page.Value.Next is null);
                search.Pages++;
                var known = ledger.Plan.Candidates.Select(clip => (clip.Source, clip.Id)).ToHashSet();
                return page.Value.Candidates.RemoveAll(clip => !known.Add((clip.Source, clip.Id)));
            }

            if (Parking.IsUpstreams(page.Failure))
            {
                return page.Failure;
            }

            if (!page.Failure.Retryable || attempt == Attempts)
            {
                _over[source.Name] = page.Failure;
                return page.Failure;
            }
        }
    }

    /// <summary>The first of each page, then the second of each, and so on.</summary>
    private static ImmutableArray<ClipCandidate> Interleaved(List<ImmutableArray<ClipCandidate>> pages) =>
        [.. pages.SelectMany((page, source) => page.Select((clip, place) => (clip, place, source))).OrderBy(entry => (entry.place, entry.source)).Select(entry => entry.clip)];
}
