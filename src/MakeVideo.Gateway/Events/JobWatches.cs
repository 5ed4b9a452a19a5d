using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace MakeVideo.Gateway.Events;

/// <summary>The watches of this gateway: one for each job that somebody looks at, gone with the last who does.</summary>
internal sealed class JobWatches(IGrainFactory grains, IOptions<JsonOptions> json, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, JobWatch> _watches = [];

    /// <summary>Jobs that are watched.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _watches.Count;
            }
        }
    }

    /// <summary>Joins the watch of a job, or begins it. <see cref="Leave"/> must follow.</summary>
    public JobWatch Join(string jobId)
    {
        lock (_lock)
        {
            // One that has ended stays with those who still read it; a job that was retried since needs another.
            if (!_watches.TryGetValue(jobId, out var watch) || watch.Ended)
            {
                watch = _watches[jobId] = new(jobId, grains, Json, clock);
                _ = watch.RunAsync();
            }

            watch.Streams++;
            return watch;
        }
    }

    public void Leave(string jobId, JobWatch watch)
    {
        lock (_lock)
        {
            if (--watch.Streams > 0)
            {
                return;
            }

            if (_watches.GetValueOrDefault(jobId) == watch)
            {
                _watches.Remove(jobId);
            }
        }

        watch.Dispose();
    }

    private JsonSerializerOptions Json => json.Value.SerializerOptions;
}
