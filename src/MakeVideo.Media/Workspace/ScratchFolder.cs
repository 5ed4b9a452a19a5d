namespace MakeVideo.Media.Workspace;

/// <summary>A folder of one run's own inside its attempt's, gone with all that is in it when the run ends.</summary>
internal sealed class ScratchFolder(string attemptFolder) : IDisposable
{
    public string Path { get; } = Directory.CreateDirectory(System.IO.Path.Combine(attemptFolder, Guid.NewGuid().ToString("N"))).FullName;

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception left) when (left is IOException or UnauthorizedAccessException)
        {
            // The attempt's folder goes later and takes it along; what went wrong before this must not be hidden by it.
        }
    }
}
