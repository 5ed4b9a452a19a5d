using System.Text.Json;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;

namespace MakeVideo.Grains.Jobs;

/// <summary>What the index knows of a job, so that a list need not ask the job itself.</summary>
internal sealed class JobFacts : Extensible
{
    private static readonly JsonSerializerOptions Json = StateJson.Configure(new());

    public string? Owner { get; set; }

    public string Query { get; set; } = "";

    /// <summary>Lower-case hex of the SHA-256 of its audio.</summary>
    public string Audio { get; set; } = "";

    public static JobFacts Of(JobRequest job) => new() { Owner = job.Owner, Query = job.Query, Audio = job.AudioSha256 };

    public byte[] Bytes() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <summary>Null where nothing is on record: a job of an earlier version that has not moved since, or a lost index.</summary>
    public static JobFacts? Parse(byte[]? bytes)
    {
        try
        {
            return bytes is null ? null : JsonSerializer.Deserialize<JobFacts>(bytes, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
