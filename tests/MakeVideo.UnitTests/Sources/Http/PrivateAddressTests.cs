using System.Net;
using MakeVideo.Contracts;
using MakeVideo.Sources.Http;

namespace MakeVideo.UnitTests.Sources.Http;

public sealed class PrivateAddressTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.1.2.3")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:0001::")]
    [InlineData("fe80::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("ff02::1")]
    public void Private_in_every_spelling(string address) => Assert.True(PrivateAddress.Is(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::808:808")]
    public void Public(string address) => Assert.False(PrivateAddress.Is(IPAddress.Parse(address)));

    [Fact]
    public async Task Whoever_comes_from_a_public_address_is_not_let_onto_a_private_one()
    {
        await using var world = await FakeWorld.StartAsync();
        using var wire = new UpstreamWire();

        // The upstream lies at a public address (one that needs no look-up), and gives out a link to our loopback.
        var home = new Uri("https://1.1.1.1/");
        var link = new Uri($"{world.Fakes.Root}/pexels/files/1000.mp4");
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() =>
            wire.SendAsync(home, link, (to, _) => new HttpRequestMessage(HttpMethod.Get, to), TestContext.Current.CancellationToken));

        Assert.IsType<HopRefusedException>(failure.InnerException);
        Assert.Empty(world.Fakes.Calls.All);

        // From a private one it may: services of one network name each other.
        using var response = await wire.SendAsync(new("http://10.0.0.1/"), link, (to, _) => new HttpRequestMessage(HttpMethod.Get, to), TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_link_to_a_private_address_is_a_refusal()
    {
        await using var world = await FakeWorld.StartAsync();
        var files = world.Client(world.Options("pexels-files") with { Url = new("https://1.1.1.1/") });

        var fetched = await files.DownloadAsync(new(HttpMethod.Get, $"{world.Fakes.Root}/pexels/files/1000.mp4", JobStage.DownloadingShorts), world.Target, 1 << 20, null, TestContext.Current.CancellationToken);

        Assert.False(world.AssertRefused(FailureCodes.UpstreamRefused, fetched).Retryable);
    }
}
