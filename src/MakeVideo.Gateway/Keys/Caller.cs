using Microsoft.AspNetCore.Http;

namespace MakeVideo.Gateway.Keys;

/// <summary>Who asks.</summary>
/// <param name="Owner">Whose jobs are made and seen; null where nobody is asked.</param>
/// <param name="KeyId">The key's name; null without one.</param>
/// <param name="IsAdmin">Sees everybody's jobs.</param>
internal sealed record Caller(string? Owner, string? KeyId, bool IsAdmin)
{
    /// <summary>Whoever calls a server that asks for no keys: alone on the machine, or let in on purpose.</summary>
    public static Caller Anybody { get; } = new(null, null, IsAdmin: true);

    /// <summary>Who calls an open address of a server that asks for keys elsewhere.</summary>
    public static Caller Nobody { get; } = new(null, null, IsAdmin: false);

    public static Caller Of(ApiKey key) => new(key.Owner, key.Id, key.Allows(KeyScope.Admin));

    /// <summary>Whose jobs to list; null: everybody's.</summary>
    public string? Sees => IsAdmin ? null : Owner;
}

/// <summary>How a request came in.</summary>
/// <param name="Caller">Who asks; null when a key is needed and none is good.</param>
/// <param name="Key">The key that said so.</param>
/// <param name="HasToken">Whether something came that is meant as a key.</param>
internal sealed record Entry(Caller? Caller, ApiKey? Key, bool HasToken);

/// <summary>How endpoints learn who asks.</summary>
internal static class CallerOfRequest
{
    private static readonly object Key = new();
    private static readonly object EntryKey = new();

    /// <summary>Set by <see cref="KeyMiddleware"/>, for <see cref="AccessMiddleware"/>.</summary>
    public static Entry Entry(this HttpContext context) => (Entry)context.Items[EntryKey]!;

    public static void SetEntry(this HttpContext context, Entry entry) => context.Items[EntryKey] = entry;

    /// <summary>Set by <see cref="KeyMiddleware"/> before any endpoint runs.</summary>
    public static Caller Caller(this HttpContext context) => context.Items.TryGetValue(Key, out var caller) ? (Caller)caller! : Keys.Caller.Nobody;

    public static void SetCaller(this HttpContext context, Caller caller) => context.Items[Key] = caller;
}
