using System.Globalization;

namespace MakeVideo.Store;

/// <summary>
/// The store's folder belongs to one process. The lock dies with its holder, however that ends, so that nothing is left
/// to clean up after a kill; the process id beside it is for people only.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private readonly FileStream file;

    private StoreLock(FileStream file) => this.file = file;

    /// <summary>Takes the folder, which must exist.</summary>
    /// <exception cref="StoreUnavailableException">Another process has it, or it cannot be written.</exception>
    public static StoreLock Take(string storeFolder)
    {
        var path = Path.Combine(storeFolder, "lock");
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException refusal)
        {
            throw new StoreUnavailableException($"the store in {storeFolder} is not writable", "Mend its permissions, or choose another folder with --data", refusal);
        }
        catch (IOException refusal)
        {
            throw new StoreUnavailableException(
                $"the store in {storeFolder} is in use by {Holder(path)}", "Wait for it, stop it, or choose another folder with --data", refusal);
        }

        // Beside the lock, since nobody else can open a locked file.
        File.WriteAllText(HolderPath(path), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new StoreLock(file);
    }

    /// <summary>Lets the folder go. The file stays: deleting it would let two processes lock two files of one name.</summary>
    public void Dispose() => file.Dispose();

    private static string Holder(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(HolderPath(path)), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                ? string.Create(CultureInfo.InvariantCulture, $"process {id}")
                : "another process";
        }
        catch (IOException)
        {
            return "another process";
        }
    }

    private static string HolderPath(string path) => path + ".pid";
}

/// <summary>The store cannot be had.</summary>
/// <param name="problem">Which, and why.</param>
/// <param name="remedy">What to do.</param>
/// <param name="inner">What the system said.</param>
internal sealed class StoreUnavailableException(string problem, string remedy, Exception inner) : IOException($"{problem}. {remedy}", inner)
{
    public string Problem => problem;

    public string Remedy => remedy;
}
