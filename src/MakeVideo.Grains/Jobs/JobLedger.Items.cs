using MakeVideo.Contracts;

namespace MakeVideo.Grains.Jobs;

internal sealed partial class JobLedger
{
    private readonly Dictionary<int, double> _clipFractions = [];
    private readonly Dictionary<int, double> _segmentFractions = [];
    private readonly Dictionary<int, string> _clipReasons = [];

    // For who looks on; the log has them for good.
    private readonly Dictionary<int, string> _clipSilos = [];
    private readonly Dictionary<int, string> _segmentSilos = [];

    /// <summary>Where a clip stands; returns true when it is worth a write.</summary>
    public bool ReportClip(int index, char code, double fraction, string? reason = null, double seconds = 0, string? silo = null)
    {
        _clipFractions[index] = fraction;
        Remember(_clipSilos, index, silo);
        if (reason is not null)
        {
            _clipReasons[index] = reason;
        }

        var before = Progress.Clips;
        if (code == ItemCodes.Working && Recovery.IsDone(ItemCodes.At(before, index)))
        {
            // A clip that is looked at again, to see whether it is still whole, is not undone by that.
            return false;
        }

        Progress.Clips = ItemCodes.With(before, index, code);
        return Reported("clip", index, ItemCodes.At(before, index), code, seconds, silo);
    }

    /// <summary>Where a segment stands; returns true when it is worth a write.</summary>
    public bool ReportSegment(int index, char code, double fraction, double seconds = 0, string? silo = null)
    {
        _segmentFractions[index] = fraction;
        Remember(_segmentSilos, index, silo);
        var before = Progress.Segments;
        Progress.Segments = ItemCodes.With(before, index, code);
        return Reported("segment", index, ItemCodes.At(before, index), code, seconds, silo);
    }

    /// <summary>A clip cannot be had now, and is not judged.</summary>
    public void ClipWaits(int index, string reason)
    {
        _clipReasons[index] = reason;
        Progress.Clips = ItemCodes.With(Progress.Clips, index, ItemCodes.Waiting);
        Changed();
    }

    public ItemView Clip(int index)
    {
        var (status, reason) = ItemCodes.Read(ItemCodes.At(Progress.Clips, index));
        var candidate = Plan.Candidates[index];
        return new(
            candidate.Title, status, FractionOf(status, _clipFractions, index), _clipReasons.GetValueOrDefault(index) ?? reason,
            $"{candidate.Source}/{candidate.Id}", _clipSilos.GetValueOrDefault(index));
    }

    public ItemView Segment(int index, string name)
    {
        var (status, reason) = ItemCodes.Read(ItemCodes.At(Progress.Segments, index));
        return new(name, status, FractionOf(status, _segmentFractions, index), reason, Silo: _segmentSilos.GetValueOrDefault(index));
    }

    private static void Remember(Dictionary<int, string> silos, int index, string? silo)
    {
        if (silo is not null)
        {
            silos[index] = silo;
        }
    }

    private static double FractionOf(ItemStatus status, Dictionary<int, double> fractions, int index) =>
        status is ItemStatus.Working ? fractions.GetValueOrDefault(index) : status is ItemStatus.Waiting ? 0 : 1;

    private bool Reported(string kind, int index, char before, char code, double seconds, string? silo)
    {
        Changed();
        if (Progress.Recoveries is [.., var receipt] && receipt.Epoch == Progress.Epoch)
        {
            Progress.Recoveries[^1] = Recovery.Corrected(receipt, before, code, seconds);
        }

        if (code == before || code == ItemCodes.Working)
        {
            return false;
        }

        Progress.SecondsWorked += seconds;
        var stage = kind == "clip" ? JobStage.DownloadingShorts : JobStage.AssemblingVideo;
        Meter?.Item(stage, ItemCodes.Read(code).Status, redone: Recovery.IsDone(before) && seconds > 0);
        if (!Recovery.IsDone(before))
        {
            // An item that is only found done again is no progress: else a job could take silos for ever.
            Progress.Crashes.Clear();
            Watch?.Progressed(stage);
        }

        Note($"{kind}_{ApiNames.Of(ItemCodes.Read(code).Status)}", seconds > 0 ? FormattableString.Invariant($"{kind} {index + 1} in {seconds:0.00} s") : $"{kind} {index + 1}", silo);
        return true;
    }
}
