using System.ComponentModel.DataAnnotations;

namespace MakeVideo.Gateway;

/// <summary>What an operator may want another way.</summary>
internal sealed class GatewayOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Gateway";

    /// <summary>Language of a request that names none: <c>auto</c> or ISO 639-1. The replaced service had <c>pt</c>.</summary>
    [RegularExpression("^(auto|[a-z]{2})$")]
    public string DefaultLanguage { get; set; } = "auto";

    /// <summary>Bytes of one audio upload; the replaced service's limit.</summary>
    [Range(1024, 10L << 30)]
    public long MaxAudioBytes { get; set; } = 100L << 20;

    /// <summary>The footage library of this server's jobs; clients cannot name another.</summary>
    public string? LibraryFolder { get; set; }
}
