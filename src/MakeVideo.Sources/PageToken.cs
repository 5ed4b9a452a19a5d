using System.Globalization;
using MakeVideo.Contracts;
using MakeVideo.Sources.Library;

namespace MakeVideo.Sources;

/// <summary>The tokens of pages that are plain numbers.</summary>
internal static class PageToken
{
    /// <summary>The number of a token; 0 for the first page. False when no page gave it.</summary>
    public static bool Read(string? page, int most, out int number)
    {
        number = 0;
        return page is null || (int.TryParse(page, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= most);
    }

    public static JobFailure Unknown(string? page, string source) => new(
        FailureCodes.InvalidRequest, JobStage.FetchingShorts, $"“{OneLine.Of(page ?? "", 40)}” is no page of {source}; ask with the token of the page before.");
}

internal static class NoMatch
{
    /// <summary>A first page with nothing on it.</summary>
    public static JobFailure For(FootageQuery query, string source) => new(
        FailureCodes.NoClipMatches, JobStage.FetchingShorts, $"{source} offers no clip for “{OneLine.Of(query.Text, 200)}”; ask with other or fewer words.");
}
