using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;

namespace MakeVideo.Gateway.Page;

/// <summary>One file of the page.</summary>
/// <param name="Bytes">As it is sent.</param>
/// <param name="ContentType">By its ending.</param>
/// <param name="Tag">Its entity tag: it changes with the bytes.</param>
internal sealed record PageFile(ReadOnlyMemory<byte> Bytes, string ContentType, string Tag);

/// <summary>The page's files, which lie in the assembly: they are there whatever the working folder is.</summary>
internal static class PageFiles
{
    /// <summary>Address of the files; the page itself is at <c>/</c>.</summary>
    public const string Folder = "/page/";

    private const string Resource = "page/";

    /// <summary>By address below <see cref="Folder"/>: <c>index.html</c>, <c>parts/board.js</c>.</summary>
    public static FrozenDictionary<string, PageFile> All { get; } = Read();

    private static FrozenDictionary<string, PageFile> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith(Resource, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Resource.Length..].Replace('\\', '/'), name => File(assembly, name));
    }

    private static PageFile File(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new(bytes, TypeOf(Path.GetExtension(name)), $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"");
    }

    private static string TypeOf(string ending) => ending switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".woff2" => "font/woff2",
        _ => throw new InvalidOperationException($"The page has a file of a kind that is not known here: {ending}"),
    };
}
