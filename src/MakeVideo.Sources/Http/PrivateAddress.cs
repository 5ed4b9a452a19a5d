using System.Net;
using System.Net.Sockets;

namespace MakeVideo.Sources.Http;

internal static class PrivateAddress
{
    // What is not reachable from the open internet, by the IANA special-purpose registries (RFC 6890 and updates).
    private static readonly IPNetwork[] Reserved =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/127", "100::/64", "2001:db8::/32", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    // They carry an IPv4 address that somebody else connects to: NAT64 in its last bytes, 6to4 from the third.
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    /// <summary>True for loopback, private, link-local (cloud metadata), multicast and other special addresses, however they are written.</summary>
    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }
        else if (address.AddressFamily is AddressFamily.InterNetworkV6)
        {
            var bytes = address.GetAddressBytes();
            var carried = Nat64.Contains(address) ? bytes.AsSpan(12, 4) : SixToFour.Contains(address) ? bytes.AsSpan(2, 4) : default;
            if (!carried.IsEmpty)
            {
                return Is(new IPAddress(carried));
            }
        }

        return Array.Exists(Reserved, network => network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address));
    }
}
