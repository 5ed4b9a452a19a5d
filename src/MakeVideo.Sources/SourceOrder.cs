using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.Sources.Library;

namespace MakeVideo.Sources;

/// <summary>The sources of this silo, in the order in which a job asks them.</summary>
/// <param name="sources">As registered.</param>
/// <param name="preferences">From the settings.</param>
internal sealed class SourceOrder(IEnumerable<IFootageSource> sources, FootagePreferences? preferences = null)
{
    private readonly ImmutableArray<IFootageSource> _sources = [.. sources];
    private readonly FootagePreferences _preferences = preferences ?? new();

    /// <inheritdoc cref="FootagePreferences.Mixed"/>
    public bool Mixed => _preferences.Mixed;

    /// <summary>
    /// At least one source, first choice first. SourceUnknown, which names those that are set up, for a name that none of them has; LibraryMissing where the library
    /// is wanted and the job has none.
    /// </summary>
    /// <param name="wanted">What the user asked for: names in order, separated by commas; null: as the settings say, the job's library before all.</param>
    /// <param name="libraryFolder">The job's library; null when it has none.</param>
    public Outcome<ImmutableArray<IFootageSource>> For(string? wanted, string? libraryFolder)
    {
        var usable = _sources.Where(source => libraryFolder is not null || source is not FolderLibrary).ToImmutableArray();
        if (wanted is null)
        {
            var preferred = _preferences.Sources.IsEmpty ? usable : InOrder(usable, _preferences.Sources);
            var library = usable.Where(source => source is FolderLibrary && !preferred.Contains(source));

            // With nothing set up, the library says what is missing.
            return preferred.IsEmpty && !library.Any() ? _sources : [.. library, .. preferred];
        }

        var names = FootagePreferences.Split(wanted);
        if (names.IsEmpty || names.FirstOrDefault(name => _sources.All(source => source.Name != name)) is { })
        {
            return new JobFailure(
                FailureCodes.SourceUnknown, JobStage.FetchingShorts,
                $"source '{OneLine.Of(wanted, 60)}' names no source that is set up here. Use one or more of these, separated by commas: {string.Join(", ", usable.Select(source => source.Name))}.");
        }

        var chosen = InOrder(usable, names);
        return chosen.IsEmpty ? LibraryMessages.NotGiven() : chosen;
    }

    private static ImmutableArray<IFootageSource> InOrder(ImmutableArray<IFootageSource> usable, ImmutableArray<string> names) =>
        [.. names.SelectMany(name => usable.Where(source => source.Name == name))];
}
