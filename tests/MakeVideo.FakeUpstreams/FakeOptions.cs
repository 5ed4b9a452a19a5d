namespace MakeVideo.FakeUpstreams;

/// <summary>What the fakes serve.</summary>
internal sealed record FakeOptions
{
    /// <summary>Folder of .mp4 files; a <c>transcript.json</c> in it (as audio-transcriber answers) is what is heard in any audio.</summary>
    public required string Clips { get; init; }

    /// <summary>Where they listen; by default on a free port of the loopback.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:0";

    /// <summary>Each clip is offered this many times, each time under another id and with other bytes.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>How long a job of the job services takes.</summary>
    public double JobSeconds { get; init; }

    /// <summary>What Pexels, Pixabay and OpenAI want to see.</summary>
    public string Key { get; init; } = "fake-key";
}
