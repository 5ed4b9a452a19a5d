using System.Diagnostics;
using System.Globalization;

namespace MakeVideo.EndToEndTests.Processes;

/// <summary>Network namespaces on a bridge of their own: each stands for a host, and any two can be parted. Needs root; skips its test without.</summary>
internal sealed class TestNetwork : IDisposable
{
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"mv{Environment.ProcessId % 10000}");
    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"10.77.{Environment.ProcessId % 250}");
    private readonly int _hosts;

    /// <param name="hosts">Namespaces 2, 3, and so on; this process and what it starts outside of them is 1.</param>
    public TestNetwork(int hosts)
    {
        _hosts = hosts;
        Assert.SkipUnless(Try("netns", "add", Switch), "Needs root and network namespaces.");

        // The bridge has a namespace of its own: this machine's firewall, if it has one, knows nothing of what passes there.
        Ip("-n", Switch, "link", "add", "bridge", "type", "bridge");
        Ip("-n", Switch, "link", "set", "bridge", "up");
        Ip("link", "add", "port1", "netns", Switch, "type", "veth", "peer", "name", _name);
        Ip("-n", Switch, "link", "set", "port1", "master", "bridge", "up");
        Ip("addr", "add", $"{Here}/24", "dev", _name);
        Ip("link", "set", _name, "up");
        for (var host = 2; host < hosts + 2; host++)
        {
            var port = string.Create(CultureInfo.InvariantCulture, $"port{host}");
            Ip("netns", "add", Namespace(host));
            Ip("link", "add", port, "netns", Switch, "type", "veth", "peer", "name", "eth0", "netns", Namespace(host));
            Ip("-n", Switch, "link", "set", port, "master", "bridge", "up");
            Ip("-n", Namespace(host), "addr", "add", $"{Address(host)}/24", "dev", "eth0");
            Ip("-n", Namespace(host), "link", "set", "eth0", "up");
            Ip("-n", Namespace(host), "link", "set", "lo", "up");
        }
    }

    /// <summary>The address of what runs outside the namespaces.</summary>
    public string Here => Address(1);

    public string Address(int host) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}.{host}");

    /// <summary>How to start a silo on a host.</summary>
    public RoleStart Silo(int host) => Gateway(host) with { Arguments = ["--address", Address(host)] };

    /// <summary>How to start a gateway on a host.</summary>
    public RoleStart Gateway(int host) => new() { Host = Address(host), Launcher = ["ip", "netns", "exec", Namespace(host)] };

    /// <summary>Nothing gets from one to the other any more, either way; neither is told.</summary>
    public void Part(int host, int other) => Each("add", host, other);

    /// <summary>Undoes <see cref="Part"/>.</summary>
    public void Mend(int host, int other) => Each("del", host, other);

    public void Dispose()
    {
        for (var host = 2; host < _hosts + 2; host++)
        {
            Try("netns", "del", Namespace(host));
        }

        Try("link", "del", _name);
        Try("netns", "del", Switch);
    }

    private void Each(string verb, int host, int other)
    {
        foreach (var (at, to) in new[] { (host, other), (other, host) }.Where(pair => pair.Item1 != 1))
        {
            Ip("-n", Namespace(at), "route", verb, "blackhole", $"{Address(to)}/32");
        }
    }

    private string Switch => _name + "s";

    private string Namespace(int host) => string.Create(CultureInfo.InvariantCulture, $"{_name}h{host}");

    private static void Ip(params string[] arguments) => Assert.True(Try(arguments), $"ip {string.Join(' ', arguments)}");

    private static bool Try(params string[] arguments)
    {
        using var ip = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        ip.StandardError.ReadToEnd();
        ip.WaitForExit();
        return ip.ExitCode == 0;
    }
}
