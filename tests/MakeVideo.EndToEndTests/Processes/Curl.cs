using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace MakeVideo.EndToEndTests.Processes;

/// <summary>A client as users have it: the real curl.</summary>
/// <param name="address"><c>http://HOST:PORT</c>.</param>
internal sealed class Curl(string address)
{
    public string Address => address;

    /// <summary>Runs <c>curl OPTIONS ADDRESS/path</c>.</summary>
    public async Task<Curled> RunAsync(string path, params string[] options)
    {
        var start = new ProcessStartInfo("curl", ["--silent", "--show-error", "--max-time", "60", "--include", "--write-out", "%{stderr}%{http_code}", .. options, address + path])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var curl = Process.Start(start)!;
        using var answer = new MemoryStream();
        var errors = curl.StandardError.ReadToEndAsync();
        await curl.StandardOutput.BaseStream.CopyToAsync(answer);
        await curl.WaitForExitAsync();
        return Curled.Parse(answer.ToArray(), await errors);
    }
}

/// <summary>What curl got.</summary>
/// <param name="Status">HTTP status; 0 without an answer.</param>
/// <param name="Headers">The last answer's, lower-case names.</param>
/// <param name="Body">As sent.</param>
internal sealed record Curled(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonNode? Json => Body is [(byte)'{' or (byte)'[', ..] ? JsonNode.Parse(Body) : null;

    public string? Code => Json is JsonObject told ? (string?)told["code"] : null;

    public static Curled Parse(byte[] answer, string errors)
    {
        // An interim answer (100 Continue) comes before the one that counts.
        var headers = new Dictionary<string, string>();
        ReadOnlySpan<byte> rest = answer;
        while (rest.StartsWith("HTTP/"u8) && rest.IndexOf("\r\n\r\n"u8) is >= 0 and var end)
        {
            headers = Encoding.ASCII.GetString(rest[..end]).Split("\r\n").Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0].ToLowerInvariant(), pair => pair[1]);
            rest = rest[(end + 4)..];
        }

        var digits = errors.TrimEnd()[^Math.Min(3, errors.TrimEnd().Length)..];
        return new(int.TryParse(digits, out var status) ? status : 0, headers, rest.ToArray());
    }
}
