namespace MakeVideo.Transcription;

/// <summary>One line of a health check.</summary>
/// <param name="Name">File name.</param>
/// <param name="Ok">It is there and it is the pinned one.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Remedy">What to do; null when all is well.</param>
internal sealed record ModelCheck(string Name, bool Ok, string Detail, string? Remedy);
