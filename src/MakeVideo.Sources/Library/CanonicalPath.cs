namespace MakeVideo.Sources.Library;

internal static class CanonicalPath
{
    /// <summary>As many links as Linux follows in one path before it gives up (ELOOP).</summary>
    private const int MaxLinks = 40;

    /// <summary>The path of the same file or folder without symbolic links; null when a link leads nowhere or in a circle.</summary>
    /// <param name="path">Absolute.</param>
    public static string? Of(string path)
    {
        var left = MaxLinks;
        return Resolve(Path.GetFullPath(path), ref left);
    }

    private static string? Resolve(string path, ref int left)
    {
        if (Path.GetDirectoryName(path) is not { } parent)
        {
            return path;
        }

        if (Resolve(parent, ref left) is not { } folder)
        {
            return null;
        }

        var here = Path.Combine(folder, Path.GetFileName(path));
        if (new FileInfo(here).LinkTarget is not { } target)
        {
            return Path.Exists(here) ? here : null;
        }

        return left-- > 0 ? Resolve(Path.GetFullPath(target, folder), ref left) : null;
    }
}
