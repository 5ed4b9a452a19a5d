namespace MakeVideo.FakeUpstreams.Faults;

/// <summary>How a service misbehaves.</summary>
internal static class FaultKinds
{
    /// <summary>Answers <see cref="FaultRule.Status"/>, with <see cref="FaultRule.RetryAfter"/> if it is set.</summary>
    public const string Status = "status";

    /// <summary>Hangs up without an answer.</summary>
    public const string Reset = "reset";

    /// <summary>Never answers.</summary>
    public const string Silent = "silent";

    /// <summary>Answers as it should, when the faults are cleared.</summary>
    public const string Held = "held";

    /// <summary>Headers and half the body, then hangs up.</summary>
    public const string Truncated = "truncated";

    /// <summary>Headers and half the body, then nothing more.</summary>
    public const string Stall = "stall";

    /// <summary><see cref="FaultRule.Rate"/> bytes a second.</summary>
    public const string Drip = "drip";

    /// <summary>A body without end.</summary>
    public const string Endless = "endless";

    /// <summary>Claims a body of <see cref="FaultRule.Rate"/> bytes.</summary>
    public const string HugeLength = "huge_length";

    /// <summary>A few KB of gzip that are a GB.</summary>
    public const string GzipBomb = "gzip_bomb";

    /// <summary>A web page under the content type of a video.</summary>
    public const string Html = "html";

    /// <summary>To <see cref="FaultRule.Text"/>; to itself when that is not set.</summary>
    public const string Redirect = "redirect";

    /// <summary>Answers 200 with <see cref="FaultRule.Text"/> as its JSON.</summary>
    public const string Body = "body";

    /// <summary>JSON nested 10,000 deep.</summary>
    public const string DeepJson = "deep_json";

    /// <summary>64 MB of good JSON.</summary>
    public const string HugeJson = "huge_json";

    /// <summary>Bad items (evil and repeated ids, lengths that are none) among the good ones of a search.</summary>
    public const string BadItems = "bad_items";

    /// <summary>A job that never moves.</summary>
    public const string StuckJob = "stuck_job";

    /// <summary>A job that is not known any more when it is asked for.</summary>
    public const string ForgetJob = "forget_job";

    /// <summary>A job that ends as failed.</summary>
    public const string FailedJob = "failed_job";
}

/// <summary>When what goes wrong, and how often.</summary>
internal sealed record FaultRule
{
    /// <summary>One of <see cref="FaultKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>First part of the path: <c>video-downloader</c>. Null: all services.</summary>
    public string? Service { get; init; }

    /// <summary>Verb; null: any.</summary>
    public string? Method { get; init; }

    /// <summary>Part of the path below the service; null: any.</summary>
    public string? Path { get; init; }

    /// <summary>How often; null: until the faults are cleared.</summary>
    public int? Times { get; set; }

    /// <summary>Until so many seconds from now; null: without end.</summary>
    public double? Seconds { get; init; }

    public int Status { get; init; } = 503;

    /// <summary>As it is sent. <c>date:+30</c> becomes the date 30 s from now.</summary>
    public string? RetryAfter { get; init; }

    public string? Text { get; init; }

    public long Rate { get; init; } = 1;

    internal DateTimeOffset Since { get; } = DateTimeOffset.UtcNow;
}
