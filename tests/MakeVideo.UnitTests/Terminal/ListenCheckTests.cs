using System.Net;
using System.Net.Sockets;
using MakeVideo.Contracts;
using MakeVideo.Terminal;
using Xunit;

namespace MakeVideo.UnitTests.Terminal;

public sealed class ListenCheckTests
{
    [Fact]
    public void A_port_in_use_is_told_with_another_to_take()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var problem = ListenCheck.Problem("--admin-urls", $"http://127.0.0.1:{port}");

        Assert.Equal(FailureCodes.InvalidRequest, problem!.Code);
        Assert.Equal($"--admin-urls: http://127.0.0.1:{port} is in use by another program. Choose another port: http://127.0.0.1:{(port < 65535 ? port + 1 : port - 1)}", problem.Message);
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://localhost:0;http://[::1]:0")]
    [InlineData("http://*:0")]
    public void A_free_port_is_no_problem(string urls) => Assert.Null(ListenCheck.Problem("--urls", urls));

    [Theory]
    [InlineData("8004")]
    [InlineData("http//127.0.0.1")]
    public void What_is_no_address_is_told(string urls) =>
        Assert.Equal($"--urls: '{urls}' is no address to listen at. Write it like http://127.0.0.1:8004.", ListenCheck.Problem("--urls", urls)!.Message);

    [Fact]
    public void An_address_of_another_host_is_told() =>
        Assert.Equal("--urls: http://192.0.2.1:80 is no address of this host.", ListenCheck.Problem("--urls", "http://192.0.2.1:80")!.Message);
}
