using System.Globalization;

namespace MakeVideo.Store;

/// <summary>How the embedded server is set up, and why.</summary>
internal static class EmbeddedStoreSettings
{
    /// <summary>The server's command line.</summary>
    public static string[] Arguments(string folder, int port, string password) =>
    [
        "--bind", "127.0.0.1",
        "--port", port.ToString(CultureInfo.InvariantCulture),
        "--auth", "Password",
        "--password", password,
        "-q",
        "--lua",
        "--max-databases", "1",

        // Its native device wants libaio; this one wants nothing.
        "--device-type", "RandomAccess",

        // Memory is bounded, and what does not fit goes to disk: without a storage tier the oldest records would be dropped, as from a cache.
        "-m", "64m",
        "-p", "2m",
        "-i", "16m",
        "--storage-tier",
        "--logdir", Path.Combine(folder, "log"),
        "-s", "32m",
        "--object-log-segment", "32m",
        "--compaction-type", "Lookup",
        "--compaction-max-segments", "2",

        // Each write is committed at once and answered after the commit.
        "--aof",
        "--aof-commit-freq", "0",
        "--aof-commit-wait",
        "--aof-memory", "32m",
        "--aof-page-size", "8m",
        "--aof-segment-size", "16m",

        // Past this size a checkpoint is taken and the log before it deleted: the folder stays small and a restart quick.
        "--aof-size-limit", "64m",
        "--aof-size-limit-enforce-frequency", "1",
        "--checkpointdir", Path.Combine(folder, "checkpoints"),
        "--recover",
        "--fail-on-recovery-error",
    ];
}
