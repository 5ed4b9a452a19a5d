using MakeVideo.Transcription;
using Microsoft.Extensions.Logging.Abstractions;

[assembly: AssemblyFixture(typeof(MakeVideo.EndToEndTests.Transcription.SpeechModels))]

namespace MakeVideo.EndToEndTests.Transcription;

/// <summary>The real models, loaded once; tests that need them skip, and say so, where they are not there.</summary>
public sealed class SpeechModels : IDisposable
{
    private readonly SileroSpeechDetector _detector;
    private readonly MoonshineTranscriber _moonshine;

    public SpeechModels()
    {
        Files = new ModelFiles(new TranscriptionOptions { ModelFolder = FindFolder() });
        _detector = new SileroSpeechDetector(Files);
        _moonshine = new MoonshineTranscriber(Files, NullLogger<MoonshineTranscriber>.Instance);
        Folder = Directory.CreateTempSubdirectory("makevideo-speech-").FullName;
    }

    /// <summary>Scratch.</summary>
    public string Folder { get; }

    internal ModelFiles Files { get; }

    internal ISpeechDetector Detector => Needed(_detector);

    internal ITranscriber Moonshine => Needed(_moonshine);

    public void Dispose()
    {
        _detector.Dispose();
        _moonshine.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private T Needed<T>(T part)
    {
        var missing = Files.Check().FirstOrDefault(check => !check.Ok);
        Assert.SkipWhen(missing is not null, $"speech model {missing?.Name} {missing?.Detail}: {missing?.Remedy}");
        return part;
    }

    // The environment's, else the repository's, which lies above the test's folder.
    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MakeVideo.sln")) && Environment.GetEnvironmentVariable(TranscriptionOptions.FolderVariable) is not { Length: > 0 })
            {
                return Path.Combine(folder.FullName, "models");
            }
        }

        return new TranscriptionOptions().ModelFolder;
    }
}
