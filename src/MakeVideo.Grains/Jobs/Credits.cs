using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MakeVideo.Contracts;

namespace MakeVideo.Grains.Jobs;

/// <summary>Whose footage a video shows, as a text that its user can publish beside it. Pure.</summary>
internal static class Credits
{
    /// <summary>Every clip once, in order of its first appearance: when, title, author, page and licence, as far as its source tells them.</summary>
    public static string Write(ImmutableArray<ShortUsed> shorts)
    {
        var text = new StringBuilder("Footage\n");
        foreach (var used in shorts.DistinctBy(used => (used.Page, used.VideoId)))
        {
            var at = TimeSpan.FromSeconds(used.PositionInVideo);
            text.Append(CultureInfo.InvariantCulture, $"\n{(int)at.TotalMinutes}:{at.Seconds:00}  {used.Title}\n");
            foreach (var line in new[] { used.Credit is null ? null : $"by {used.Credit}", used.Page, used.Licence }.OfType<string>())
            {
                text.Append(CultureInfo.InvariantCulture, $"      {line}\n");
            }
        }

        return text.ToString();
    }
}
