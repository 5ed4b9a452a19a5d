namespace MakeVideo.FakeUpstreams.Faults;

/// <summary>The faults that are to happen, first come first served.</summary>
internal sealed class FaultBook : IDisposable
{
    private readonly List<FaultRule> _rules = [];
    private CancellationTokenSource _cleared = new();

    /// <summary>Ends what hangs.</summary>
    public CancellationToken Cleared => _cleared.Token;

    public void Add(FaultRule rule)
    {
        lock (_rules)
        {
            _rules.Add(rule);
        }
    }

    public void Clear()
    {
        lock (_rules)
        {
            _rules.Clear();
            _cleared.Cancel();
            _cleared = new();
        }
    }

    /// <summary>The next fault for a call, used up once.</summary>
    /// <param name="service">Who is called.</param>
    /// <param name="method">Verb.</param>
    /// <param name="path">Below the service.</param>
    /// <param name="kinds">Which kinds can happen here.</param>
    public FaultRule? Take(string service, string method, string path, Func<string, bool> kinds)
    {
        lock (_rules)
        {
            var rule = _rules.Find(rule =>
                kinds(rule.Kind) && rule.Times is null or > 0
                && (rule.Seconds is not { } seconds || DateTimeOffset.UtcNow - rule.Since < TimeSpan.FromSeconds(seconds))
                && (rule.Service is null || rule.Service == service)
                && (rule.Method is null || rule.Method == method)
                && (rule.Path is null || path.Contains(rule.Path, StringComparison.Ordinal)));
            if (rule is { Times: not null })
            {
                rule.Times--;
            }

            return rule;
        }
    }

    public bool Takes(string service, string path, string kind) => Take(service, "", path, known => known == kind) is not null;

    public void Dispose() => _cleared.Dispose();
}
