namespace MakeVideo.FakeUpstreams;

/// <summary>One call that came in.</summary>
/// <param name="At">When.</param>
/// <param name="Service">First part of the path.</param>
/// <param name="Method">Verb.</param>
/// <param name="Path">The rest of the path, without query.</param>
/// <param name="Query">With its question mark.</param>
/// <param name="Range">The Range header, if any.</param>
internal sealed record Call(DateTimeOffset At, string Service, string Method, string Path, string Query, string? Range);

/// <summary>Every call, in order.</summary>
internal sealed class CallBook
{
    private readonly List<Call> _calls = [];

    public IReadOnlyList<Call> All
    {
        get
        {
            lock (_calls)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>Forgets them.</summary>
    public void Clear()
    {
        lock (_calls)
        {
            _calls.Clear();
        }
    }

    public void Add(Call call)
    {
        lock (_calls)
        {
            _calls.Add(call);
        }
    }

    /// <summary>How often a service was called, by verb and a part of the path.</summary>
    public int Count(string service, string? method = null, string path = "") =>
        All.Count(call => call.Service == service && (method is null || call.Method == method) && call.Path.Contains(path, StringComparison.Ordinal));

    /// <summary><c>video-downloader GET /jobs/{id}</c> to its count.</summary>
    public SortedDictionary<string, int> Counts() =>
        new(All.GroupBy(call => $"{call.Service} {call.Method} {call.Path}").ToDictionary(group => group.Key, group => group.Count()), StringComparer.Ordinal);
}
