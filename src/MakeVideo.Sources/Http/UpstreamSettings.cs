using MakeVideo.Contracts;
using Microsoft.Extensions.Configuration;

namespace MakeVideo.Sources.Http;

/// <summary>A setting makes no sense; the message says which, and what would.</summary>
internal sealed class SettingException(string message) : Exception(message);

/// <summary>
/// The upstreams that the settings name, by section: <c>Upstreams:Pexels:Key</c>, in the environment <c>Upstreams__Pexels__Key</c> or
/// <c>MAKEVIDEO_Upstreams__Pexels__Key</c>. An upstream without its setting is not there.
/// </summary>
internal sealed class UpstreamSettings(IConfiguration settings)
{
    private readonly IConfiguration _upstreams = settings.GetSection("Upstreams");

    /// <summary>Anything that a setting says: <c>Pexels:Key</c>. Null when empty.</summary>
    public string? Text(string path) => _upstreams[path] is { } text && text.Trim() is { Length: > 0 } trimmed ? trimmed : null;

    /// <summary>An upstream with the address of its setting; null when there is none.</summary>
    /// <param name="section">Below <c>Upstreams</c>: <c>VideoDownloader</c>.</param>
    /// <param name="name">For its gate, messages and logs.</param>
    /// <param name="limits">What it bears, unless <c>Concurrency</c>, <c>Failures</c> and <c>OpenSeconds</c> say otherwise.</param>
    /// <param name="fallback">Its address when the settings name none.</param>
    /// <exception cref="SettingException">A setting that makes no sense; a start with it would fail each job instead.</exception>
    public UpstreamOptions? Read(string section, string name, UpstreamLimits limits, string? fallback = null)
    {
        if ((Text($"{section}:Url") ?? fallback) is not { } address)
        {
            return null;
        }

        // The address is not repeated: it may hold a password.
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0 || url.Query.Length > 0)
        {
            throw new SettingException($"The setting Upstreams:{section}:Url is no address of a service. Give http://HOST:PORT or https://HOST, without user name and query.");
        }

        limits = limits with
        {
            Concurrency = Number($"{section}:Concurrency", 1000) ?? limits.Concurrency,
            Failures = Number($"{section}:Failures", 1_000_000) ?? limits.Failures,
            OpenSeconds = Number($"{section}:OpenSeconds", 3600) ?? limits.OpenSeconds,
        };
        return new() { Name = name, Url = url, Section = $"Upstreams:{section}", Limits = limits };
    }

    private int? Number(string path, int most) => Text(path) switch
    {
        null => null,
        { } text when int.TryParse(text, out var number) && number >= 1 && number <= most => number,
        _ => throw new SettingException($"The setting Upstreams:{path} must be a whole number from 1 to {most}."),
    };
}
