namespace MakeVideo.Transcription;

/// <summary>Where the speech models lie.</summary>
internal sealed record TranscriptionOptions
{
    /// <summary>Names the folder for every process of a machine or an image.</summary>
    public const string FolderVariable = "MAKEVIDEO_MODELS";

    /// <summary>Folder that <c>config/fetch-models</c> filled.</summary>
    public string ModelFolder { get; init; } =
        Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder ? folder : Path.GetFullPath("models");
}
