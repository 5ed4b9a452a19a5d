using MakeVideo.Contracts;

namespace MakeVideo.Terminal;

/// <summary>A failure as one line on standard error, with its code for scripts.</summary>
internal static class Complaint
{
    /// <summary>Writes it and returns <paramref name="exitCode"/>.</summary>
    public static async Task<int> WriteAsync(JobFailure failure, int exitCode)
    {
        await Console.Error.WriteLineAsync(Text(failure));
        return exitCode;
    }

    public static string Text(JobFailure failure) => $"error[{failure.Code}]: {failure.Message.ReplaceLineEndings(" ")}";
}
