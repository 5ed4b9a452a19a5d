namespace MakeVideo.Terminal;

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The job was taken in and failed.</summary>
    public const int JobFailed = 1;

    /// <summary>The command line or a file that it names is wrong; nothing was started.</summary>
    public const int BadInput = 2;

    /// <summary>Something that every job needs is missing: a tool, a model file, the store, disk. <c>doctor</c> says the same.</summary>
    public const int NotReady = 3;

    /// <summary>Stopped by the user or the system; the job can be resumed. 128 + SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}
