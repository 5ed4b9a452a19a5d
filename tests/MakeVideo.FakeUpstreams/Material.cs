using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MakeVideo.FakeUpstreams;

/// <summary>A clip that the fakes offer.</summary>
/// <param name="Id">What it is called everywhere: 11 characters, as YouTube has them.</param>
/// <param name="Number">The same for services that count.</param>
/// <param name="Title">Of its file name.</param>
/// <param name="File">Its bytes, but for the copy's mark.</param>
/// <param name="Copy">0 for the file as it is.</param>
internal sealed record OfferedClip(string Id, int Number, string Title, string File, int Copy);

/// <summary>The clips and words that the fakes serve.</summary>
internal sealed class Material
{
    private readonly FakeOptions _options;

    public Material(FakeOptions options)
    {
        _options = options;
        var files = Directory.Exists(options.Clips) ? Directory.GetFiles(options.Clips, "*.mp4").Order(StringComparer.Ordinal).ToArray() : [];
        Clips = [.. Enumerable.Range(0, options.Copies).SelectMany(copy => files.Select((file, index) => Clip(file, copy, (copy * files.Length) + index)))];
    }

    public IReadOnlyList<OfferedClip> Clips { get; }

    public string Key => _options.Key;

    public double JobSeconds => _options.JobSeconds;

    public OfferedClip? Find(string id) => Clips.FirstOrDefault(clip => clip.Id == id || clip.Number.ToString(CultureInfo.InvariantCulture) == id);

    /// <summary>A clip's bytes. A copy ends in a box that players skip, so that no two are the same.</summary>
    public static byte[] Bytes(OfferedClip clip)
    {
        var bytes = File.ReadAllBytes(clip.File);
        if (clip.Copy == 0)
        {
            return bytes;
        }

        var box = new byte[12];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        "free"u8.CopyTo(box.AsSpan(4));
        BinaryPrimitives.WriteInt32BigEndian(box.AsSpan(8), clip.Copy);
        return [.. bytes, .. box];
    }

    /// <summary>What is heard in so many seconds of audio: the folder's transcript, else a word each half second.</summary>
    public JsonObject Transcript(double seconds)
    {
        var file = Path.Combine(_options.Clips, "transcript.json");
        if (File.Exists(file))
        {
            return JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        }

        string[] said = ["every", "video", "begins", "with", "a", "voice"];
        var words = new JsonArray();
        var text = new List<string>();
        for (var i = 0; (i + 1) * 0.5 <= seconds; i++)
        {
            text.Add(said[i % said.Length]);
            words.Add(new JsonObject { ["word"] = text[^1], ["start"] = i * 0.5, ["end"] = (i * 0.5) + 0.4 });
        }

        var whole = string.Join(' ', text);
        return new()
        {
            ["segments"] = new JsonArray(new JsonObject { ["text"] = whole, ["start"] = 0.0, ["end"] = seconds, ["duration"] = seconds, ["words"] = words }),
            ["language_detected"] = "en", ["duration"] = seconds, ["full_text"] = whole,
        };
    }

    /// <summary>Seconds of a 16 kHz mono 16-bit WAV.</summary>
    public static double SecondsOf(long wavBytes) => Math.Max(0, wavBytes - 44) / 32000.0;

    private static OfferedClip Clip(string file, int copy, int number)
    {
        var title = Path.GetFileNameWithoutExtension(file).Replace('-', ' ');
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{title}/{copy}")))[..11];
        return new(id, 1000 + number, title, file, copy);
    }
}
