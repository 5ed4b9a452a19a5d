namespace MakeVideo.Contracts;

/// <summary>The layout of the folder that holds all state on disk; every role of a cluster sees the same one.</summary>
/// <param name="Root">Absolute path.</param>
public sealed record DataFolder(string Root)
{
    /// <summary>Files of the embedded store.</summary>
    public string Store => Path.Combine(Root, "store");

    /// <summary>The keys of the API, hashed. Beside the store and not in it, so that they can be made before anything runs, and while another process holds the embedded store.</summary>
    public string Keys => Path.Combine(Root, "keys.json");

    /// <summary>Whole, vetted clips: <c>clips/{source}/{clip id}</c>.</summary>
    public string Clips => Path.Combine(Root, "clips");

    /// <summary>Finished segments: <c>segments/{hash}.mp4</c>, the checkpoint and the cache of rendering.</summary>
    public string Segments => Path.Combine(Root, "segments");

    /// <summary>Published videos and subtitles: <c>videos/{job}/e{epoch}.mp4</c>, <c>videos/{job}/e{epoch}.srt</c>, <c>videos/{job}/e{epoch}.txt</c>.</summary>
    public string Videos => Path.Combine(Root, "videos");

    /// <summary>What a user sent for one job: <c>uploads/{job}/audio</c>, <c>uploads/{job}/script</c>.</summary>
    public string Upload(string jobId) => Path.Combine(Root, "uploads", jobId);

    /// <summary>One vetted clip; no extension, its content says what it is.</summary>
    public string Clip(string source, string id) => Path.Combine(Clips, source, id);

    /// <summary>Picture of the text that was found in a clip: <c>thumbnails/{source}/{clip id}.png</c>. It outlives the clip's file, which a rejection does not keep.</summary>
    public string ClipThumbnail(string source, string id) => Path.Combine(Root, "thumbnails", source, id + ".png");

    /// <summary>Small picture of a clip in the cache, made when somebody first looks: <c>thumbnails/{source}/{clip id}.jpg</c>. It goes with the clip's file.</summary>
    public string ClipStill(string source, string id) => Path.Combine(Root, "thumbnails", source, id + ".jpg");

    /// <summary>Where each vetting of a clip makes a folder of its own, and takes it away again.</summary>
    public string Vetting => Path.Combine(Root, "work");

    /// <summary>One finished segment.</summary>
    public string Segment(string hash) => Path.Combine(Segments, hash + ".mp4");

    /// <summary>The audio that came with a job.</summary>
    public string Audio(string jobId) => Path.Combine(Upload(jobId), "audio");

    /// <summary>The words that came with a job, if they did.</summary>
    public string Script(string jobId) => Path.Combine(Upload(jobId), "script");

    /// <summary>A folder of one's own to listen to an audio in; another each time.</summary>
    public string Listening(string audioSha256) => Path.Combine(Root, "work", $"listen-{audioSha256[..16]}-{Guid.NewGuid():N}");

    /// <summary>All work folders of one job.</summary>
    public string Work(string jobId) => Path.Combine(Root, "work", jobId);

    /// <summary>A job's audio, encoded for a video of so many frames; whichever attempt makes it, it is the same.</summary>
    public string Soundtrack(string jobId, int frames) =>
        Path.Combine(Work(jobId), string.Create(System.Globalization.CultureInfo.InvariantCulture, $"soundtrack-{frames}.mp4"));

    /// <summary>The private folder of one attempt; only that attempt writes there.</summary>
    public string Attempt(string jobId, int epoch) =>
        Path.Combine(Work(jobId), string.Create(System.Globalization.CultureInfo.InvariantCulture, $"a{epoch}"));

    /// <summary>All that was published for one job.</summary>
    public string Published(string jobId) => Path.Combine(Videos, jobId);

    /// <summary>The video that one attempt published: an attempt that was overtaken can leave litter here, never another's result.</summary>
    public string Video(string jobId, int epoch) => Path.Combine(Published(jobId), Name(epoch) + ".mp4");

    /// <summary>The subtitles that one attempt published.</summary>
    public string Subtitles(string jobId, int epoch) => Path.Combine(Published(jobId), Name(epoch) + ".srt");

    /// <summary>Whose footage it shows, as one attempt published it.</summary>
    public string Credits(string jobId, int epoch) => Path.Combine(Published(jobId), Name(epoch) + ".txt");

    private static string Name(int epoch) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"e{epoch}");
}
