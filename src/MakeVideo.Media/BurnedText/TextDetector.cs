using System.Security.Cryptography;
using MakeVideo.Contracts;
using Microsoft.ML.OnnxRuntime;

namespace MakeVideo.Media.BurnedText;

/// <summary>PP-OCRv4's text detector (PaddleOCR, mobile). Loaded at first use and shared; one thread, so that it fits a worker's slot.</summary>
internal sealed class TextDetector(BurnedTextOptions options) : IDisposable
{
    /// <summary>The model's file; <c>config/models.sha256</c> pins its content.</summary>
    public const string ModelFile = "text-detector.onnx";

    /// <summary>Sides of its input are multiples of this.</summary>
    public const int Step = 32;

    private static readonly string[] Inputs = ["x"];

    // ImageNet's, over 255, in the order that the model was trained on: blue, green, red as OpenCV reads, with the numbers of red, green, blue.
    private static readonly float[] Mean = [0.485f * 255, 0.456f * 255, 0.406f * 255];
    private static readonly float[] Deviation = [0.229f * 255, 0.224f * 255, 0.225f * 255];

    private readonly Lock _loading = new();
    private InferenceSession? _session;

    /// <summary>ModelMissing when the model is not there or not the pinned one; null when it is loaded.</summary>
    public JobFailure? Load()
    {
        lock (_loading)
        {
            if (_session is not null)
            {
                return null;
            }

            var path = Path.Combine(options.ModelFolder, ModelFile);
            try
            {
                var model = File.ReadAllBytes(path);
                if (Convert.ToHexStringLower(SHA256.HashData(model)) != Pinned())
                {
                    return Missing(path, "is not the pinned file (wrong SHA-256)");
                }

                _session = Open(model);
                return null;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                return Missing(path, failure is FileNotFoundException or DirectoryNotFoundException ? "is missing" : "cannot be read");
            }
        }
    }

    /// <summary>Boxes of text in a frame whose sides are multiples of <see cref="Step"/>. Call <see cref="Load"/> first; safe for several threads.</summary>
    public List<TextBox> Find(Picture frame)
    {
        var (width, height) = (frame.Width, frame.Height);
        var plane = width * height;
        var input = new float[3 * plane];
        for (var channel = 0; channel < 3; channel++)
        {
            var (mean, scale) = (Mean[channel], 1 / Deviation[channel]);
            var target = input.AsSpan(channel * plane, plane);
            for (int at = 0, from = 2 - channel; at < plane; at++, from += 3)
            {
                target[at] = (frame.Pixels[from] - mean) * scale;
            }
        }

        using var tensor = OrtValue.CreateTensorValueFromMemory(input, [1, 3, height, width]);
        using var run = new RunOptions();
        using var output = _session!.Run(run, Inputs, [tensor], _session.OutputNames);
        return ProbabilityMap.Boxes(output[0].GetTensorMutableDataAsSpan<float>(), width, height);
    }

    public void Dispose() => _session?.Dispose();

    private static InferenceSession Open(byte[] model)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        return new InferenceSession(model, options);
    }

    private static string Pinned()
    {
        using var resource = typeof(TextDetector).Assembly.GetManifestResourceStream("models.sha256")!;
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd().Split('\n').Select(line => line.Split("  ", 2)).First(parts => parts is [_, ModelFile])[0];
    }

    private static JobFailure Missing(string path, string what) => new(
        FailureCodes.ModelMissing, JobStage.DownloadingShorts,
        $"text model {path} {what}: run ./makevideo, which fetches the models, or config/fetch-models {Path.GetDirectoryName(path)}", Retryable: true);
}
