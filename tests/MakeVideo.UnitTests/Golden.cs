using System.Runtime.CompilerServices;

namespace MakeVideo.UnitTests;

/// <summary>
/// Compares a text with a file kept in <c>Golden/</c> beside the test. With MAKEVIDEO_ACCEPT_GOLDEN=1 in the environment the file is written
/// instead: look at the difference in version control before committing it.
/// </summary>
internal static class Golden
{
    private const string Accept = "MAKEVIDEO_ACCEPT_GOLDEN";

    /// <summary>Fails at the first line that differs, and shows it from both.</summary>
    /// <param name="actual">Compared byte for byte, line ends included.</param>
    /// <param name="name">File name within <c>Golden/</c>.</param>
    /// <param name="caller">The test's source file; the compiler fills it in.</param>
    public static void Match(string actual, string name, [CallerFilePath] string caller = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(caller)!, "Golden", name);
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        var expected = File.Exists(path) ? File.ReadAllText(path) : "";
        if (expected != actual)
        {
            Xunit.Assert.Fail($"{name} differs{FirstDifference(expected, actual)}\nIf the new text is right: {Accept}=1, run again, look at the difference, commit.");
        }
    }

    private static string FirstDifference(string expected, string actual)
    {
        var (old, now) = (expected.Split('\n'), actual.Split('\n'));
        var line = 0;
        while (line < old.Length && line < now.Length && old[line] == now[line])
        {
            line++;
        }

        return $" at line {line + 1}:\n- {Show(old, line)}\n+ {Show(now, line)}";
    }

    private static string Show(string[] lines, int line) => line < lines.Length ? lines[line].Replace("\r", "\\r", StringComparison.Ordinal) : "(no more lines)";
}
