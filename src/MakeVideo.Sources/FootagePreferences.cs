using System.Collections.Immutable;
using MakeVideo.Sources.Http;
using Microsoft.Extensions.Configuration;

namespace MakeVideo.Sources;

/// <summary>Which sources are asked, and how. From <c>Footage:Sources</c> (names in order, separated by commas) and <c>Footage:Mix</c> (<c>order</c> or <c>mixed</c>).</summary>
internal sealed record FootagePreferences
{
    /// <summary>Empty: all that are set up, as registered.</summary>
    public ImmutableArray<string> Sources { get; init; } = [];

    /// <summary>A page of each in turn, instead of the next source only where the one before does not suffice.</summary>
    public bool Mixed { get; init; }

    /// <summary>Reads the settings.</summary>
    /// <param name="settings">Of the process.</param>
    /// <param name="known">Names of the sources that are set up; others are mistakes.</param>
    /// <exception cref="SettingException">A source that is not known or not set up, or a mix that is none.</exception>
    public static FootagePreferences Read(IConfiguration settings, IReadOnlyCollection<string> known)
    {
        var section = settings.GetSection("Footage");
        var names = Split(section["Sources"]);
        if (names.FirstOrDefault(name => !known.Contains(name)) is { } stranger)
        {
            throw new SettingException($"The setting Footage:Sources names the source '{stranger}', which is not set up here; these are: {string.Join(", ", known)}.");
        }

        return new()
        {
            Sources = names,
            Mixed = section["Mix"] switch
            {
                null or "" or "order" => false,
                "mixed" => true,
                _ => throw new SettingException("The setting Footage:Mix must be order or mixed."),
            },
        };
    }

    /// <summary>The names of a list, each once.</summary>
    public static ImmutableArray<string> Split(string? list) => [.. (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct()];
}
