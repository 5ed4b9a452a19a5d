namespace MakeVideo.Gateway.Keys;

/// <summary>Whom the API asks for a key; the command line says.</summary>
internal sealed class KeyOptions
{
    /// <summary>Nobody is asked, wherever the call comes in: <c>--open</c>.</summary>
    public bool Open { get; set; }

    /// <summary>Everybody is asked: <c>--keys</c>, and whenever the API listens beyond the loopback.</summary>
    public bool Required { get; set; }
}
