using MakeVideo.EndToEndTests.Make;
using MakeVideo.EndToEndTests.Media;
using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Gateway;

/// <summary>One server for the tests that do not disturb it.</summary>
public sealed class ServerFixture(MediaFixture media) : IAsyncLifetime
{
    internal Workplace Place { get; } = new(media);

    internal ServerProcess Server { get; private set; } = null!;

    internal string Data => Place.In("data");

    public async ValueTask InitializeAsync() => Server = await ServerProcess.StartAsync(Data, Place.Library);

    public ValueTask DisposeAsync() => Server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
