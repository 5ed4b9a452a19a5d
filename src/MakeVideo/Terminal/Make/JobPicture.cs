using System.Collections.Immutable;
using System.Globalization;
using MakeVideo.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MakeVideo.Terminal.Make;

/// <summary>Draws a job: a bar for every stage, a tile for every clip and segment, why clips were left out, speed and time left.</summary>
internal static class JobPicture
{
    private const int MostReasons = 4;

    public static IRenderable Of(JobView view, int width)
    {
        // 34 columns for the mark, the longest stage's name, the seconds and the gaps.
        var bar = Math.Clamp(width - 34, 4, 24);
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap().RightAligned());
        foreach (var stage in view.Stages)
        {
            grid.AddRow(new Markup($"{Mark(stage.Status)} {ApiNames.Of(stage.Stage)}"), new Markup(Meter(stage, bar)), new Markup(stage.Seconds is { } seconds ? Text($"{seconds:0.0} s") : ""));
        }

        var rows = new List<IRenderable> { grid };
        var tiles = Math.Max(10, width - 12);
        if (!view.Clips.IsEmpty)
        {
            rows.Add(new Markup($"clips     {Tiles(view.Clips, tiles)}"));
            rows.AddRange(view.Clips.Where(clip => clip.Status is ItemStatus.Rejected or ItemStatus.Failed).Take(MostReasons)
                .Select(clip => new Text(Cut(JobChanges.OneLine($"  {clip.Name}: {clip.Reason}"), width), new Style(Color.Grey))));
        }

        if (!view.Segments.IsEmpty)
        {
            rows.Add(new Markup($"segments  {Tiles(view.Segments, tiles)}"));
        }

        rows.Add(new Markup(Pace(view)));
        return new Rows(rows);
    }

    private static string Cut(string text, int width) => text.Length <= width ? text : text[..(width - 1)] + "…";

    private static string Mark(StageStatus status) => status switch
    {
        StageStatus.Completed => "[green]✓[/]",
        StageStatus.InProgress => "[yellow]▸[/]",
        StageStatus.Failed => "[red]✗[/]",
        _ => "[grey]·[/]",
    };

    private static string Meter(StageView stage, int bar)
    {
        var full = (int)Math.Round(bar * Math.Clamp(stage.Progress, 0, 100) / 100);
        return stage.Status is StageStatus.Pending ? $"[grey]{new string('─', bar)}[/]" : $"[green]{new string('━', full)}[/][grey]{new string('─', bar - full)}[/]";
    }

    private static string Tiles(ImmutableArray<ItemView> items, int most) =>
        string.Concat(items.Take(most).Select(item => item.Status switch
        {
            ItemStatus.Done => "[green]█[/]",
            ItemStatus.Reused => "[blue]█[/]",
            ItemStatus.Working => $"[yellow]{"░▒▓"[Math.Clamp((int)(item.Fraction * 3), 0, 2)]}[/]",
            ItemStatus.Rejected or ItemStatus.Failed => "[red]×[/]",
            _ => "[grey]·[/]",
        })) + (items.Length > most ? "…" : "");

    private static string Pace(JobView view)
    {
        var assembly = view.Stages.FirstOrDefault(stage => stage.Stage is JobStage.AssemblingVideo);
        var speed = assembly is { Progress: > 0, Seconds: > 0 } && view.TargetDuration is { } target
            ? Text($", {assembly.Progress / 100 * target / assembly.Seconds.Value:0.00}x real time")
            : "";
        var left = view.SecondsLeft is { } seconds && view.Progress < 100 ? Text($", about {seconds:0} s left") : "";
        return Text($"[bold]{view.Progress:0} %[/]") + speed + left;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
