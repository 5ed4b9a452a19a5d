using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Grains.Jobs;

internal sealed partial class JobGrain
{
    public Task<JobView?> GetAsync()
    {
        if (_ledger.Outlook is { } outlook)
        {
            outlook.Wanted = true;
        }

        return Task.FromResult(_ledger.Exists || _ledger.Corruption is not null ? _ledger.View() : null);
    }

    public Task<bool> BelongsToAsync(string owner) => _ledger.Corruption is null
        ? Task.FromResult(_ledger.Exists && _ledger.Request.Owner == owner)
        : parts.Catalog.IsOwnedAsync(this.GetPrimaryKeyString(), owner);

    public async Task<JobView?> WatchAsync(long known)
    {
        if (_ledger.Exists && _ledger.Revision == known)
        {
            await Task.WhenAny(_ledger.NextChange, Task.Delay(WatchWithin));
        }

        return await GetAsync();
    }

    public async Task<Transcript?> TranscriptAsync() =>
        _ledger.Exists ? await GrainFactory.GetGrain<ITranscriptGrain>(SpeechBranch.KeyOf(_ledger.Request)).KnownAsync() : null;

    public Task<ImmutableArray<JobEvent>> EventsAsync()
    {
        _ledger.TellNotes();
        return parts.Journal.ReadAsync(this.GetPrimaryKeyString());
    }
}
