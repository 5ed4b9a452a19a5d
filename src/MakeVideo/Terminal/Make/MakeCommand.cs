using System.CommandLine;
using MakeVideo.Contracts;
using MakeVideo.Transcription;

namespace MakeVideo.Terminal.Make;

/// <summary><c>make</c>: one job, start to finish, in this process.</summary>
internal static class MakeCommand
{
    public static Command Create() => Create(async options =>
    {
        using var run = new MakeRun(options);
        return await run.RunAsync();
    });

    /// <summary>The same command line, handed to something else.</summary>
    public static Command Create(Func<MakeOptions, Task<int>> act)
    {
        var audio = Text("--audio", "FILE", "The speech: mp3, wav, m4a, ogg, aac or flac, 5 s to 1 h.");
        var query = Text("--query", "TEXT", "What the clips should show, 3 to 200 characters.");
        var library = Text("--library", "DIR", "A folder of clips, searched by the words in file and folder names and sidecars.");
        var source = Text("--source", "NAMES", "Where clips come from, in order: library,youtube,pexels,pixabay,yt-dlp; those that the settings name.");
        var output = Text("--out", "FILE", "Where the video goes; the subtitles lie beside it as .srt.");
        var resume = Text("--resume", "JOB", "Go on with a job that was stopped, instead of a new one.");
        var script = Text("--script", "FILE", "The spoken words, if you have them: SRT, VTT or plain text. Any language.");
        var aspect = Choice<AspectRatio>("--aspect", "Frame shape");
        var fit = Choice<FitMode>("--fit", "How clips of another shape fill the frame");
        var crop = Choice<CropPosition>("--crop", "Which part a crop keeps");
        var style = Choice<CaptionStyle>("--style", "How captions look");
        var quality = Choice<Quality>("--quality", "Size and encoder effort", Quality.Fast);
        var footage = Choice<ShortFootage>("--short-footage", "When the footage is shorter than the audio");
        var language = Text("--language", "CODE", "Of the speech: auto or two letters.", "auto");
        var seed = new Option<int>("--seed") { HelpName = "N", Description = "Another choice of clips; the same seed gives the same video." };
        var shorts = new Option<int>("--max-shorts") { HelpName = "N", Description = "Most clips to use, 10 to 500.", DefaultValueFactory = _ => 10 };
        var any = new Option<bool>("--any-clip") { Description = "When nothing matches the query, use any clip of the library." };
        var json = new Option<bool>("--json") { Description = "Events as JSON lines on standard output." };
        var command = new Command("make", "Make one video.")
        {
            audio, query, library, source, output, resume, script, aspect, fit, crop, style, quality, footage, language, seed, shorts, any, json, CommonOptions.Data, CommonOptions.Models,
        };
        command.SetAction(parsed => act(Options(parsed)));
        return command;

        MakeOptions Options(ParseResult parsed) => new()
        {
            Audio = parsed.GetValue(audio),
            Query = parsed.GetValue(query),
            Library = parsed.GetValue(library),
            Source = parsed.GetValue(source),
            Out = parsed.GetValue(output),
            Resume = parsed.GetValue(resume),
            Script = parsed.GetValue(script),
            Aspect = parsed.GetValue(aspect)!,
            Fit = parsed.GetValue(fit)!,
            Crop = parsed.GetValue(crop)!,
            Style = parsed.GetValue(style)!,
            Quality = parsed.GetValue(quality)!,
            ShortFootage = parsed.GetValue(footage)!,
            Language = parsed.GetValue(language)!,
            Seed = parsed.GetValue(seed),
            MaxShorts = parsed.GetValue(shorts),
            AnyClip = parsed.GetValue(any),
            Json = parsed.GetValue(json),
            Data = parsed.GetValue(CommonOptions.Data)!,
            Models = parsed.GetValue(CommonOptions.Models)!,
        };
    }

    private static Option<string?> Text(string name, string what, string description, string? otherwise = null) =>
        new(name) { HelpName = what, Description = description, DefaultValueFactory = _ => otherwise };

    // The values are checked with the request, in our words and with our codes.
    private static Option<string?> Choice<T>(string name, string description, T otherwise = default)
        where T : struct, Enum => Text(name, string.Join('|', ApiNames.All<T>()), description + ".", ApiNames.Of(otherwise));
}

/// <summary>Options that several verbs have.</summary>
internal static class CommonOptions
{
    public static readonly Option<string> Data = new("--data")
    {
        HelpName = "DIR",
        Description = "Where jobs, clips and segments are kept.",
        DefaultValueFactory = _ => "data",
    };

    public static readonly Option<string> Models = new("--models")
    {
        HelpName = "DIR",
        Description = $"Where the speech models are (or ${TranscriptionOptions.FolderVariable}).",
        DefaultValueFactory = _ => new TranscriptionOptions().ModelFolder,
    };

    /// <summary>A password on a command line is everybody's to read; in a variable it is not.</summary>
    public const string RedisVariable = "MAKEVIDEO_REDIS";

    public static readonly Option<string?> Redis = new("--redis")
    {
        HelpName = "CONNECTION",
        Description = $"The Redis that keeps the jobs, as host:port,password=... (or ${RedisVariable}).",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(RedisVariable),
    };

    public static readonly Option<string> ClusterId = new("--cluster")
    {
        HelpName = "ID",
        Description = "Processes with the same id on the same Redis are one cluster.",
        DefaultValueFactory = _ => "makevideo",
    };

    /// <summary>Loopback only: there the API asks nobody who they are.</summary>
    public static readonly Option<string> Urls = new("--urls")
    {
        HelpName = "URLS",
        Description = "Where the API listens.",
        DefaultValueFactory = _ => "http://127.0.0.1:8004",
    };

    public static readonly Option<string?> Library = new("--library") { HelpName = "DIR", Description = "The footage library of every job." };
}
