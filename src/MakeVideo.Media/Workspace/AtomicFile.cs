namespace MakeVideo.Media.Workspace;

/// <summary>Files that are there whole or not at all: written beside, flushed to the disk, renamed.</summary>
internal static class AtomicFile
{
    public static Task WriteTextAsync(string path, string text, CancellationToken cancellation) =>
        WriteAsync(path, partial => File.WriteAllTextAsync(partial, text, cancellation));

    public static Task WriteBytesAsync(string path, byte[] bytes, CancellationToken cancellation) =>
        WriteAsync(path, partial => File.WriteAllBytesAsync(partial, bytes, cancellation));

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

    private static async Task WriteAsync(string path, Func<string, Task> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var partial = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            await write(partial);
            Publish(partial, path);
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
