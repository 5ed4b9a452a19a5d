using System.CommandLine;
using System.Net;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Keys;

namespace MakeVideo.Terminal;

/// <summary>Whom a server asks for a key: nobody on the loopback, everybody beyond it, unless the command line says otherwise.</summary>
internal static class AccessCheck
{
    /// <summary>Ask for keys on the loopback too.</summary>
    public static readonly Option<bool> Keys = new("--keys") { Description = "Ask for a key on the loopback too, as behind a proxy. Beyond the loopback that is so anyway." };

    /// <summary>Ask nobody.</summary>
    public static readonly Option<bool> Open = new("--open") { Description = "Ask nobody for a key, wherever this listens: whoever reaches it may do everything." };

    /// <summary>What the command line says; or why the server must not listen.</summary>
    public static Outcome<KeyOptions> Of(ParseResult parsed, string urls, DataFolder data)
    {
        var (open, keys) = (parsed.GetValue(Open), parsed.GetValue(Keys));
        if (open && keys)
        {
            return new JobFailure(FailureCodes.InvalidRequest, null, "--open and --keys contradict each other. Give one of them.");
        }

        var beyond = Split(urls).FirstOrDefault(url => !IsLoopback(url));
        var required = keys || (beyond is not null && !open);
        try
        {
            return required && !new KeyFile(data).Read().Any(key => key.RevokedAt is null)
                ? new JobFailure(
                    FailureCodes.InvalidRequest, null,
                    $"{(beyond is null ? "--keys asks for keys" : $"--urls: {beyond} is reached from other machines")}, and there is no key. Make one: makevideo keys add --owner NAME --data {data.Root}; or let in whoever comes: --open.")
                : new KeyOptions { Open = open, Required = required };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return new JobFailure(FailureCodes.InvalidRequest, null, $"The keys cannot be read: {failure.Message.ReplaceLineEndings(" ")} Mend {data.Keys} or its permissions, or restore it from a copy.");
        }
    }

    /// <summary>Whether only this machine reaches an address; one that cannot be told is not.</summary>
    internal static bool IsLoopback(string url)
    {
        try
        {
            var host = BindingAddress.Parse(url).Host.Trim('[', ']');
            return host is "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static string[] Split(string urls) => urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
