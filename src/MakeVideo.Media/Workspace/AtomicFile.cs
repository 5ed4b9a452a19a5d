namespace MakeVideo.Media.Workspace;

/// <summary>Files that are there whole or not at all: written beside, flushed to the disk, renamed.</summary>
internal static class AtomicFile
{
    public static async Task WriteTextAsync(string path, string text, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var partial = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            await File.WriteAllTextAsync(partial, text, cancellation);
            Publish(partial, path);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Moves a finished file into place after the disk has it; both must be on one file system.</summary>
    public static void Publish(string partial, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using (var file = new FileStream(partial, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Flush(flushToDisk: true);
        }

        File.Move(partial, path, overwrite: true);
    }
}
