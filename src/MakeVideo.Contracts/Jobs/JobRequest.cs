using System.Text.Json.Serialization;

namespace MakeVideo.Contracts;

/// <summary>What a user asked for; written once, never changed.</summary>
[GenerateSerializer, Immutable, Alias("job-request")]
public sealed record JobRequest
{
    /// <summary>22 characters of <c>[0-9A-Za-z]</c>, see <see cref="JobIds"/>.</summary>
    [Id(0)] public required string JobId { get; init; }

    /// <summary>Lower-case hex of the uploaded audio; the file lies at <see cref="DataFolder.Upload"/>/audio.</summary>
    [Id(1)] public required string AudioSha256 { get; init; }

    /// <summary>The name the user's file had; for people only, never a path.</summary>
    [Id(2)] public string AudioName { get; init; } = "";

    /// <summary>What the footage should show, 3 to 200 characters.</summary>
    [Id(3)] public required string Query { get; init; }

    /// <summary>The most clips to use, 10 to 500.</summary>
    [Id(4)] public int MaxShorts { get; init; } = 10;

    /// <summary><c>auto</c> or ISO 639-1.</summary>
    [Id(5)] public string Language { get; init; } = "auto";

    [Id(6)] public CaptionStyle Style { get; init; }

    [Id(7)] public AspectRatio Aspect { get; init; }

    [Id(8)] public CropPosition Crop { get; init; }

    [Id(9)] public FitMode Fit { get; init; }

    [Id(10)] public Quality Quality { get; init; } = Quality.Fast;

    /// <summary>Same input and seed, same bytes out.</summary>
    [Id(11)] public int Seed { get; init; }

    [Id(12)] public ShortFootage ShortFootage { get; init; }

    /// <summary>When nothing matches the query: take any clip of the library rather than fail.</summary>
    [Id(13)] public bool AnyClip { get; init; }

    /// <summary>The footage library; from the server's settings or the command line, never from an HTTP client. Null: no library.</summary>
    [Id(14)] public string? LibraryFolder { get; init; }

    /// <summary>True when the user gave the words: they lie at <see cref="DataFolder.Upload"/>/script.</summary>
    [Id(15)] public bool HasScript { get; init; }

    [Id(16)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Higher goes first in the queue.</summary>
    [Id(17)] public int Priority { get; init; }

    /// <summary>Lower-case hex of the script; empty without one.</summary>
    [Id(18)] public string ScriptSha256 { get; init; } = "";

    /// <summary>Where the footage is to come from: names of sources in order, separated by commas. Null: as the settings say, the library first.</summary>
    [Id(19)] public string? Source { get; init; }

    /// <summary>Whose it is: the owner of the key that it came with. Null: nobody's in particular, as on a server that asks for no keys.</summary>
    [Id(30), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Owner { get; init; }
}
