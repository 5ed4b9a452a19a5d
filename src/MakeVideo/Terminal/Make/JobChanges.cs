using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Terminal.Make;

/// <summary>What is new in a job since it was last looked at.</summary>
/// <param name="Kind">Event name.</param>
/// <param name="Content">Fields for a program.</param>
/// <param name="Line">Words for a person; null when it is only of use to a program.</param>
internal sealed record JobChange(string Kind, object Content, string? Line)
{
    public override string ToString() => Line ?? "";
}

/// <summary>Compares two views of one job. Pure.</summary>
internal static class JobChanges
{
    public static IEnumerable<JobChange> Between(JobView? before, JobView after)
    {
        // A stage begins before its items and ends after them.
        var stages = after.Stages.Where(stage => stage.Status != StageStatus.Pending && stage.Status != before?.Stages.FirstOrDefault(old => old.Stage == stage.Stage)?.Status)
            .ToLookup(stage => stage.Status is StageStatus.InProgress, Stage);
        foreach (var change in stages[true]
            .Concat(Items("clip", before?.Clips ?? [], after.Clips)).Concat(Items("segment", before?.Segments ?? [], after.Segments))
            .Concat(stages[false]))
        {
            yield return change;
        }

        if (before is null || Math.Floor(before.Progress) != Math.Floor(after.Progress))
        {
            yield return new("progress", new { after.Progress, Status = ApiNames.Of(after.Status) }, null);
        }
    }

    private static JobChange Stage(StageView stage) => new(
        "stage", new { Name = ApiNames.Of(stage.Stage), stage.Status, stage.Seconds, Facts = Facts(stage.Facts) },
        FormattableString.Invariant($"{ApiNames.Of(stage.Stage)}: {ApiNames.Of(stage.Status)}{(stage.Status is StageStatus.Completed ? FormattableString.Invariant($" in {stage.Seconds:0.0} s{Words(stage.Facts)}") : "")}"));

    private static IEnumerable<JobChange> Items(string kind, ImmutableArray<ItemView> before, ImmutableArray<ItemView> after)
    {
        for (var i = 0; i < after.Length; i++)
        {
            var item = after[i];
            if (item.Status is not (ItemStatus.Waiting or ItemStatus.Working) && (i >= before.Length || before[i].Status != item.Status))
            {
                yield return new(
                    "item", new { Kind = kind, Index = i, item.Name, item.Status, item.Reason },
                    OneLine($"  {kind} {i + 1}/{after.Length} {item.Name}: {ApiNames.Of(item.Status)}{(item.Reason is null ? "" : $" ({item.Reason})")}"));
            }
        }
    }

    /// <summary>Names come from files and may hold anything; a terminal obeys control characters.</summary>
    public static string OneLine(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));

    private static Dictionary<string, object?> Facts(ImmutableArray<StageFact> facts) => facts.ToDictionary(fact => fact.Name, fact => fact.Number is { } number ? number : (object?)fact.Text);

    private static string Words(ImmutableArray<StageFact> facts) =>
        facts.IsEmpty ? "" : " - " + string.Join(", ", facts.Select(fact => FormattableString.Invariant($"{fact.Name} {fact.Text ?? $"{fact.Number}"}")));
}
