using System.Runtime.InteropServices;

namespace MakeVideo.Gateway.Uploads;

/// <summary>A second name for a file, which outlives the first; a copy where the disk knows no such thing.</summary>
internal static partial class SharedFile
{
    /// <exception cref="FileNotFoundException">There is no such file any more.</exception>
    public static void Create(string existing, string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(name)!);
        if (Link(existing, name) != 0)
        {
            File.Copy(existing, name, overwrite: true);
        }
    }

    /// <summary>link(2), which .NET does not offer.</summary>
    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);
}
