namespace MakeVideo.Grains.Cluster;

/// <summary>Exceptions of the store's client have no form that crosses to another process: a caller there would get one that says only that. An outage leaves a grain as one.</summary>
internal sealed class OutageFilter : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (Exception failure) when (failure is not (OrleansException or TimeoutException or OperationCanceledException) && Outages.Is(failure))
        {
            throw new OrleansException($"{failure.GetType().Name}: {failure.Message}");
        }
    }
}
