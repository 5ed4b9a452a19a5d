using System.Collections.Immutable;
using System.Reflection;
using MakeVideo.Contracts;
using MakeVideo.Grains.Budgets;
using Orleans;
using Orleans.Runtime;

namespace MakeVideo.ClusterTests.Upstreams;

/// <summary>A cluster whose grains do not answer.</summary>
public class Unreachable : DispatchProxy
{
    public static IGrainFactory Create() => Create<IGrainFactory, Unreachable>();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.GetGenericArguments()[0] == typeof(IPaceGrain) ? new Paces() : new Gate();

    private sealed class Paces : IPaceGrain
    {
        public Task<ImmutableDictionary<string, Pace>> NoteAsync(ImmutableArray<PaceNote> notes) => Task.FromException<ImmutableDictionary<string, Pace>>(new SiloUnavailableException("gone"));
    }

    private sealed class Gate : IUpstreamGrain
    {
        public Task<UpstreamEntry> EnterAsync(UpstreamLimits limits, TimeSpan lasts) => Task.FromException<UpstreamEntry>(new SiloUnavailableException("gone"));

        public Task RenewAsync(string permit, TimeSpan lasts) => Task.FromException(new SiloUnavailableException("gone"));

        public Task LeaveAsync(string permit, UpstreamReport report) => Task.FromException(new TimeoutException("gone"));
    }
}
