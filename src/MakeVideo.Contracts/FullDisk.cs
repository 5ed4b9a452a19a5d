namespace MakeVideo.Contracts;

/// <summary>Tells a full disk from other faults of a file.</summary>
public static class FullDisk
{
    /// <summary>errno of a full disk and of a full quota on Linux (<c>errno.h</c>: ENOSPC, EDQUOT), which the runtime passes on in the low bits of HResult.</summary>
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    /// <summary>Whether a write failed for want of space. File.WriteAllText reserves the whole length first, and for that has an exception with words but without a number.</summary>
    public static bool Is(IOException failure) =>
        (failure.HResult & 0xFFFF) is NoSpace or QuotaExceeded || failure.Message.EndsWith("because the disk was full.", StringComparison.Ordinal);
}
