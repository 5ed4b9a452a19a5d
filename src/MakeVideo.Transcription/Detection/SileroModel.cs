using Microsoft.ML.OnnxRuntime;

namespace MakeVideo.Transcription;

/// <summary>
/// One pass of Silero VAD v5 over one audio, window by window. The model wants the last 64 samples of the window before in front of each window
/// (snakers4/silero-vad, utils_vad.py) and its own state back. Not for use by several threads.
/// </summary>
internal sealed class SileroModel : IDisposable
{
    /// <summary>Samples at 16 kHz.</summary>
    public const int Window = 512;

    private const int Context = 64;
    private static readonly string[] Inputs = ["input", "state", "sr"];
    private static readonly string[] Outputs = ["output", "stateN"];

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly float[] _input = new float[Context + Window];
    private readonly float[] _output = new float[1];
    private readonly OrtValue[][] _inputs;
    private readonly OrtValue[][] _outputs;
    private int _turn;

    /// <param name="session">Shared; not disposed here.</param>
    public SileroModel(InferenceSession session)
    {
        _session = session;
        var input = OrtValue.CreateTensorValueFromMemory(_input, [1, _input.Length]);
        var rate = OrtValue.CreateTensorValueFromMemory(new long[] { SpeechAudio.Rate }, []);
        var output = OrtValue.CreateTensorValueFromMemory(_output, [1, 1]);

        // Two states that swap: a run reads one and writes the other.
        var states = new[] { new float[2 * 128], new float[2 * 128] }.Select(state => OrtValue.CreateTensorValueFromMemory(state, [2, 1, 128])).ToArray();
        _inputs = [[input, states[0], rate], [input, states[1], rate]];
        _outputs = [[output, states[1]], [output, states[0]]];
    }

    /// <summary>Probability, 0 to 1, that somebody speaks in the next window.</summary>
    /// <param name="window"><see cref="Window"/> samples that follow those of the call before.</param>
    public float Hear(ReadOnlySpan<float> window)
    {
        _input.AsSpan(Window).CopyTo(_input);
        window.CopyTo(_input.AsSpan(Context));
        _session.Run(_run, Inputs, _inputs[_turn], Outputs, _outputs[_turn]);
        _turn ^= 1;
        return _output[0];
    }

    public void Dispose()
    {
        foreach (var value in _inputs.Concat(_outputs).SelectMany(values => values).Distinct())
        {
            value.Dispose();
        }

        _run.Dispose();
    }
}
