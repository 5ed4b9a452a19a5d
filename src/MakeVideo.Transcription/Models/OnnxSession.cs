using Microsoft.ML.OnnxRuntime;

namespace MakeVideo.Transcription;

/// <summary>Opens ONNX models the same way everywhere.</summary>
internal static class OnnxSession
{
    /// <param name="model">The model's bytes.</param>
    /// <param name="threads">Fixed, so that sums come out the same on every machine and a job does not take the whole one.</param>
    public static InferenceSession Open(byte[] model, int threads)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // Threads that spin between runs would take a core from ffmpeg.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return new InferenceSession(model, options);
    }
}
