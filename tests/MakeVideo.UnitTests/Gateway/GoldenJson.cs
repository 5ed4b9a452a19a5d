using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MakeVideo.UnitTests.Gateway;

/// <summary>Compares JSON with a file beside the test: what clients read changes only on purpose.</summary>
internal static class GoldenJson
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Compares as text, so order and number format count. To accept a change: run with <c>MAKEVIDEO_ACCEPT_GOLDEN=1</c> and read the diff.</summary>
    public static void Matches(string name, string json, [CallerFilePath] string test = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(test)!, "Golden", name);
        var actual = JsonNode.Parse(json)!.ToJsonString(Readable) + "\n";
        if (Environment.GetEnvironmentVariable("MAKEVIDEO_ACCEPT_GOLDEN") == "1")
        {
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }
}
