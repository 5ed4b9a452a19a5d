using MakeVideo.Contracts;
using MakeVideo.Media.Audio;
using MakeVideo.Media.Probing;
using MakeVideo.Sources;
using MakeVideo.Transcription;

namespace MakeVideo.Grains.Jobs;

/// <summary>What is checked while the user still waits for an answer: all that makes a job hopeless from the start.</summary>
internal sealed class Admission(MediaProbe probe, AudioDecode decode, Transcribers transcribers, SourceOrder sources, DataFolder data)
{
    /// <summary>Facts of the audio; codes of audio, language, script and sources otherwise.</summary>
    public async Task<Outcome<AudioFacts>> CheckAsync(JobRequest request, CancellationToken cancellation)
    {
        if (await RefusalAsync(request, cancellation) is { } refusal)
        {
            return refusal;
        }

        var audio = data.Audio(request.JobId);
        var facts = await probe.ProbeAudioAsync(audio, cancellation);
        if (facts.Failed)
        {
            return facts;
        }

        var heard = await decode.HearAsync(audio, cancellation);
        return heard.Failed ? heard.Failure : facts;
    }

    /// <summary>What is wrong with all but the audio; null when nothing is.</summary>
    public async Task<JobFailure?> RefusalAsync(JobRequest request, CancellationToken cancellation)
    {
        if (request.HasScript)
        {
            var script = ScriptTranscriber.Create(await File.ReadAllBytesAsync(data.Script(request.JobId), cancellation));
            if (script.Failed)
            {
                return script.Failure;
            }
        }
        else if (transcribers.For(request.Language) is { Failed: true } language)
        {
            return language.Failure;
        }

        if (request.Source is not null && sources.For(request.Source, request.LibraryFolder) is { Failed: true } footage)
        {
            return footage.Failure;
        }

        return null;
    }
}
