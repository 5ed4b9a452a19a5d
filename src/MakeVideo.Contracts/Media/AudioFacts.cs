namespace MakeVideo.Contracts;

/// <summary>What a probe read from an audio file.</summary>
/// <param name="Duration">Seconds.</param>
/// <param name="Codec">ffmpeg's name of the codec.</param>
/// <param name="SampleRate">Hz.</param>
/// <param name="Channels">Count.</param>
[GenerateSerializer, Immutable, Alias("audio-facts")]
public sealed record AudioFacts(
    [property: Id(0)] double Duration,
    [property: Id(1)] string Codec,
    [property: Id(2)] int SampleRate,
    [property: Id(3)] int Channels);

/// <summary>What one whole decode of an audio file showed.</summary>
/// <param name="Samples">Count of samples at 16 kHz mono.</param>
/// <param name="IntegratedLoudness">LUFS by EBU R 128; negative infinity is reported as -70.</param>
/// <param name="PeakDbfs">Highest sample, dBFS; -120 for digital silence.</param>
[GenerateSerializer, Immutable, Alias("decoded-audio")]
public sealed record DecodedAudio(
    [property: Id(0)] long Samples,
    [property: Id(1)] double IntegratedLoudness,
    [property: Id(2)] double PeakDbfs)
{
    /// <summary>Seconds, exact to the sample.</summary>
    public double Duration => Samples / 16000.0;
}
