using System.Collections.Frozen;
using MakeVideo.Contracts;

namespace MakeVideo.Gateway.Problems;

/// <summary>What a code means, and what to do.</summary>
internal sealed record ProblemEntry(string Code, string Meaning, string Remedy);

/// <summary>Every stable code: of answers, of jobs that failed, and of clips that are not used.</summary>
internal static class ProblemCatalog
{
    public static IReadOnlyList<ProblemEntry> All { get; } =
    [
        // Requests
        new(HttpCodes.BadRequest, "The request cannot be read.", "Send it again, whole and well-formed."),
        new(HttpCodes.UnknownField, "The request has a field that does not exist; a misspelt one would otherwise be ignored.", "Use the name that the answer proposes."),
        new(HttpCodes.FilterInvalid, "A filter or a cursor of a list cannot be read.", "Mend it as the answer says; take cursors from X-Next-Cursor."),
        new(FailureCodes.InvalidRequest, "A value is missing, out of bounds or contradicts another.", "Mend the field that the answer names."),
        new(FailureCodes.QueryInvalid, "The query is missing, too short, too long or has control characters.", "Say in 3 to 200 characters what the footage should show."),
        new(FailureCodes.AspectUnknown, "The aspect ratio is none of those that there are.", "Use 9:16, 16:9, 1:1 or 4:5."),
        new(FailureCodes.StyleUnknown, "The subtitle style is none of those that there are.", "Use static, dynamic or minimal."),
        new(FailureCodes.QualityUnknown, "The quality is none of those that there are.", "Use preview, fast, medium or high."),
        new(FailureCodes.OptionUnknown, "An option has a value that it does not know.", "Use one of the values that the answer lists."),
        new(FailureCodes.SourceUnknown, "A source of footage is not known or not set up on this server.", "Use a source that the answer lists, or leave the field out."),
        new(FailureCodes.LanguageUnsupported, "No engine of this server understands the language.", "Use another language, or send the words yourself as script."),
        new(FailureCodes.ScriptInvalid, "The script is empty or is no SRT, VTT or plain text.", "Mend the file, or leave it out to have the speech transcribed."),
        new(HttpCodes.UnsupportedMediaType, "The body has another type than this call takes.", "Send the type that the answer names."),
        new(HttpCodes.BodyTooLarge, "The body is larger than this call takes.", "Send less."),
        new(HttpCodes.TooSlow, "The body came too slowly.", "Send it again over a better connection."),
        new(HttpCodes.MethodNotAllowed, "The address does not take this method.", "Use one of the Allow header."),
        new(HttpCodes.NotFound, "There is nothing at this address.", "Look at /docs for what there is."),
        new(FailureCodes.IdempotencyKeyReused, "The Idempotency-Key came with another request in the last 24 hours.", "Use a new key for a new request, and the same for the same."),

        // Keys and limits
        new(HttpCodes.KeyMissing, "The server asks for a key, and none came.", "Send Authorization: Bearer mv_... or X-Api-Key: mv_...; the operator makes keys with makevideo keys add."),
        new(HttpCodes.KeyInvalid, "The key is unknown or was revoked.", "Look whether it is whole, or ask the operator for another."),
        new(HttpCodes.ScopeMissing, "The key is good, and does not allow this call.", "Ask the operator for a key with the scope that the answer names."),
        new(HttpCodes.CrossSite, "Without a key the server takes requests of this machine only, and of no other web site.", "Call it as 127.0.0.1 or localhost, or send a key."),
        new(HttpCodes.TooManyRequests, "You send more requests a second than one caller may.", "Wait as long as Retry-After says, and send them more slowly."),
        new(HttpCodes.TooManyUploads, "You have as many uploads under way and waiting as one caller may.", "Wait as long as Retry-After says."),
        new(HttpCodes.UploadsBusy, "The server has as many uploads under way and waiting as it takes.", "Wait as long as Retry-After says."),
        new(HttpCodes.TooManyJobs, "You have as many jobs that are not over as one owner may.", "Wait as long as Retry-After says, or cancel some."),
        new(HttpCodes.QueueFull, "The line of jobs is as long as it may be.", "Wait as long as Retry-After says."),

        // Jobs
        new(FailureCodes.JobNotFound, "There is no such job, or it is not yours. It may have been deleted or have expired.", "Look for it in GET /jobs."),
        new(FailureCodes.JobNotCompleted, "The job has no output (yet).", "Ask again when GET /jobs/{id} says completed."),
        new(FailureCodes.JobConflict, "The job is in a state in which this cannot be done.", "Look at its status."),
        new(HttpCodes.OutputGone, "The job was completed, and its file is gone.", "Send the job again."),

        // Audio
        new(FailureCodes.AudioMissing, "There is no audio in the request, or the audio that it names is not kept any more.", "Send audio_file."),
        new(FailureCodes.AudioEmpty, "The audio has no bytes.", "Send it again."),
        new(FailureCodes.AudioTooLarge, "The audio has more bytes than the server takes.", "Send a lower bit rate; it is enough for speech."),
        new(FailureCodes.AudioUnreadable, "The file is no audio, or is damaged.", "Send mp3, wav, m4a, ogg, aac or flac."),
        new(FailureCodes.AudioNoStream, "The file has no audio in it.", "Send the one that has."),
        new(FailureCodes.AudioTooShort, "The audio is shorter than 5 seconds.", "Send a longer one."),
        new(FailureCodes.AudioTooLong, "The audio is longer than an hour.", "Cut it, and send the parts."),
        new(FailureCodes.AudioSilent, "The audio is silent.", "Look whether the right track was recorded."),
        new(FailureCodes.AudioNoSpeech, "Nobody speaks in the audio.", "Send speech, or the words as script."),

        // Footage
        new(FailureCodes.LibraryMissing, "The server has no library of clips, or its folder is gone.", "The operator names one with --library, or a source of footage."),
        new(FailureCodes.LibraryEmpty, "The library has no video in it.", "The operator puts clips there."),
        new(FailureCodes.NoClipMatches, "No clip matches the query.", "Use other words, or any_clip."),
        new(FailureCodes.NoUsableClip, "Clips were found, and none can be used.", "Look at the job's clips for the reasons; use other words."),
        new(FailureCodes.FootageTooShort, "There is less footage than audio, and the job was to fail then.", "Use other words, more clips (max_shorts), or short_footage=loop."),

        // One clip
        new(FailureCodes.ClipMissing, "The clip is not where its source says.", "Nothing: another is taken."),
        new(FailureCodes.ClipEmpty, "The clip has no bytes.", "Nothing: another is taken."),
        new(FailureCodes.ClipTooLarge, "The clip has more bytes than one may.", "Nothing: another is taken."),
        new(FailureCodes.ClipUnreadable, "The clip is no video, or is damaged.", "Nothing: another is taken."),
        new(FailureCodes.ClipNoVideo, "The clip has no picture.", "Nothing: another is taken."),
        new(FailureCodes.ClipTooSmall, "The clip has too few pixels.", "Nothing: another is taken."),
        new(FailureCodes.ClipTooShort, "The clip is too short to be shown.", "Nothing: another is taken."),
        new(FailureCodes.ClipCorrupt, "The clip does not decode to its end.", "Nothing: another is taken."),
        new(FailureCodes.ClipFormatRefused, "The clip's container or codec is not one that is opened.", "Nothing: another is taken."),
        new(FailureCodes.ClipHasText, "Text that changes is burned into the clip.", "Look at its thumbnail; an operator may accept it."),
        new(FailureCodes.ClipUnwanted, "An operator rejected the clip.", "An operator may accept it again."),

        // Services outside
        new(FailureCodes.UpstreamUnavailable, "A service outside does not answer.", "Nothing: the job waits and asks again."),
        new(FailureCodes.UpstreamThrottled, "A service outside asks to be left alone for a while.", "Nothing: the job waits and asks again."),
        new(FailureCodes.UpstreamRefused, "A service outside refuses us.", "The operator mends its key, address or certificate."),
        new(FailureCodes.UpstreamAnswerInvalid, "A service outside answered what its contract does not allow.", "Retry the job; the operator looks at the service."),
        new(FailureCodes.UpstreamFailed, "A service outside took the work, and failed at it.", "Retry the job."),

        // The machine
        new(FailureCodes.DiskFull, "A disk of the server is full, or nearly.", "Submissions: wait as long as Retry-After says. Jobs wait by themselves."),
        new(FailureCodes.OutputNotWritable, "A file cannot be written.", "The operator mends the folder's permissions; then retry the job."),
        new(FailureCodes.ToolMissing, "A program that jobs need is not installed.", "The operator runs makevideo doctor."),
        new(FailureCodes.ModelMissing, "A model that jobs need is not there.", "The operator runs makevideo doctor."),
        new(FailureCodes.StoreUnavailable, "The cluster or its store does not answer now.", "Send the request again after the time that Retry-After says; under an Idempotency-Key it is never done twice."),
        new(FailureCodes.RenderFailed, "A part of the video could not be rendered.", "Retry the job; report it if it comes again."),
        new(FailureCodes.RenderOutOfMemory, "A part of the video could not be rendered for want of memory.", "The operator gives the silos more, or fewer slots; then retry the job."),
        new(FailureCodes.RenderStalled, "Rendering made no progress, and was stopped.", "Retry the job."),
        new(FailureCodes.RenderTimedOut, "Rendering took far longer than it may, and was stopped.", "Retry the job when the server is less busy."),
        new(FailureCodes.OutputInvalid, "The finished video is not what it should be, and was not published.", "Retry the job; report it if it comes again."),
        new(FailureCodes.Stopped, "The work was stopped before it was done.", "Retry the job."),
        new(FailureCodes.Fenced, "An attempt was overtaken by a newer one.", "Nothing: the newer one goes on."),
        new(FailureCodes.Poison, "The job took worker after worker with it, and was given up.", "Look at its evidence; retry brings it back."),
        new(FailureCodes.Orphaned, "Nobody worked on the job, and an operator gave it up.", "Retry the job."),
        new(FailureCodes.StageTimeout, "A stage made no end within its budget, several times in a row.", "The operator looks at load and services; then retry the job: what is done stays done."),
        new(FailureCodes.StateCorrupt, "What is stored of it cannot be read; nothing is written over it.", "The operator restores the store from a copy; or delete the job and send it again."),
        new(FailureCodes.Internal, "An unexpected error; the server's log has it.", "Send the request again; report it if it comes again."),
    ];

    private static readonly FrozenDictionary<string, ProblemEntry> ByCode = All.ToFrozenDictionary(entry => entry.Code);

    public static ProblemEntry? Find(string code) => ByCode.GetValueOrDefault(code);
}
