using MakeVideo.EndToEndTests.Media;
using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Make;

/// <summary>A folder with speech and clips, and the command that makes a video of them.</summary>
internal sealed class Workplace
{
    public const string Sentence = "The quick brown fox jumps over the lazy dog. It was a bright cold day in April, and the clocks were striking thirteen.";

    private readonly MediaFixture _media;

    /// <param name="media">Makes the files.</param>
    /// <param name="times">How often the sentence is spoken: 7.5 s each.</param>
    public Workplace(MediaFixture media, int times = 1)
    {
        _media = media;
        Folder = media.Fresh();
        Library = Directory.CreateDirectory(Path.Combine(Folder, "library")).FullName;
        Words = string.Join(' ', Enumerable.Repeat(Sentence, times));
        Speech = media.Make($"flite{times}.wav", "-f", "lavfi", "-i", $"flite=text='{Words.Replace(",", "\\,", StringComparison.Ordinal)}':voice=slt", "-ar", "44100");
        foreach (var (name, rate) in new[] { ("city-night", "25"), ("city-rain", "30"), ("city-market", "60"), ("harbour", "24") })
        {
            File.Copy(media.Clip($"{name}.mp4", rate, 4), Path.Combine(Library, $"{name}.mp4"));
        }
    }

    public string Folder { get; }

    public string Library { get; }

    public string Speech { get; }

    /// <summary>What is spoken.</summary>
    public string Words { get; }

    public string In(string name) => Path.Combine(Folder, name);

    /// <summary>The command line; <paramref name="more"/> may replace any option of it.</summary>
    public string[] Command(params string[] more)
    {
        var options = new Dictionary<string, string>
        {
            ["--audio"] = Speech, ["--query"] = "city", ["--library"] = Library, ["--out"] = In("video.mp4"), ["--quality"] = "preview", ["--data"] = In("data"),
        };
        var flags = new List<string>();
        for (var i = 0; i < more.Length; i++)
        {
            if (i + 1 < more.Length && !more[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                options[more[i]] = more[++i];
            }
            else
            {
                flags.Add(more[i]);
            }
        }

        return ["make", .. options.SelectMany(option => new[] { option.Key, option.Value }), .. flags];
    }

    public Task<MakeVideoProcess> MakeAsync(params string[] more) => MakeVideoProcess.RunAsync(Folder, Command(more));

    public byte[] Video(string name = "video.mp4") => File.ReadAllBytes(In(name));
}
