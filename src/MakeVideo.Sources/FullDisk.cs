namespace MakeVideo.Sources;

internal static class FullDisk
{
    /// <summary>errno of a full disk and of a full quota on Linux (<c>errno.h</c>: ENOSPC, EDQUOT), which the runtime passes on as HResult.</summary>
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    /// <summary>Whether a write failed for want of space.</summary>
    public static bool Is(IOException failure) => failure.HResult is NoSpace or QuotaExceeded;
}
