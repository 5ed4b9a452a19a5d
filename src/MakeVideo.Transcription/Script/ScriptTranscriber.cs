namespace MakeVideo.Transcription;
internal static class ScriptTranscriber { public const string EngineName = "script"; }
