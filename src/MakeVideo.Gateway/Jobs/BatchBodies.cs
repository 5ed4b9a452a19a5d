using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Problems;

namespace MakeVideo.Gateway.Jobs;

/// <summary>One job of a batch, as the API describes it; read by <see cref="BatchItem"/>.</summary>
internal sealed class BatchJob
{
    [Description("A job of yours whose audio is to be used again")]
    public string? JobId { get; init; }

    [Description("Or the SHA-256 of the audio of one, 64 small hexadecimal digits")]
    public string? AudioSha256 { get; init; }

    [Description("What the footage should show")]
    public required string Query { get; init; }

    [Description("The spoken words, if you have them: SRT, VTT or plain text")]
    public string? Script { get; init; }

    /// <summary>All other fields of <c>POST /make-video</c>.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Other { get; init; }
}

/// <summary>What became of one job of a batch, in the order of the request.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Status">The HTTP status that it would have had alone: 202 when it is queued.</param>
/// <param name="JobId">The job that was made.</param>
/// <param name="Problem">Why none was.</param>
internal sealed record BatchAnswer(
    int Index, int Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? JobId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ProblemBody? Problem)
{
    public static BatchAnswer Accepted(int index, string jobId) => new(index, 202, jobId, null);

    public static BatchAnswer Refused(int index, JobFailure failure)
    {
        var problem = MakeVideo.Gateway.Problems.Problem.BodyOf(failure, "/batch");
        return new(index, problem.Status, null, problem);
    }
}

/// <summary>One job of a batch, read: where its audio is, and fields as a form would have them.</summary>
internal sealed record BatchItem(string? JobId, string? AudioSha256, string? Script, IReadOnlyDictionary<string, string> Fields)
{
    private const string JobField = "job_id";
    private const string HashField = "audio_sha256";
    private const string ScriptField = "script";

    private static readonly HashSet<string> Known = [.. FieldNames.OfForm.Except(["audio_file"]), JobField, HashField];

    /// <summary>What a list of jobs has at one place, or what is wrong with it.</summary>
    public static Outcome<BatchItem> Read(JsonElement item)
    {
        if (item.ValueKind is not JsonValueKind.Object)
        {
            return new JobFailure(FailureCodes.InvalidRequest, null, "A job must be a JSON object: {\"job_id\": \"...\", \"query\": \"...\"}.");
        }

        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in item.EnumerateObject())
        {
            if (FieldNames.Refusal(field.Name, Known) is { } unknown)
            {
                return unknown;
            }

            if (field.Value.ValueKind is JsonValueKind.Null)
            {
                continue;
            }

            if (field.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False))
            {
                return new JobFailure(FailureCodes.InvalidRequest, null, $"{field.Name} must be a text, a number, true or false.");
            }

            fields[field.Name] = field.Value.ValueKind is JsonValueKind.String ? field.Value.GetString()! : field.Value.GetRawText();
        }

        fields.Remove(JobField, out var job);
        fields.Remove(HashField, out var hash);
        fields.Remove(ScriptField, out var script);
        return (job is null) == (hash is null)
            ? new JobFailure(FailureCodes.AudioMissing, null, "A job names its audio by job_id or by audio_sha256, one of them.")
            : script is { Length: 0 }
            ? new JobFailure(FailureCodes.ScriptInvalid, null, "script is empty. Send SRT, VTT or plain text, or leave it out.")
            : new BatchItem(job, hash, script, fields);
    }
}
