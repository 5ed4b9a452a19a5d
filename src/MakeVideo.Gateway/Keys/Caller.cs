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

/// <summary>How endpoints learn who asks.</summary>
internal static class CallerOfRequest
{
    private static readonly object Key = new();

    /// <summary>Set by <see cref="KeyMiddleware"/> before any endpoint runs.</summary>
    public static Caller Caller(this HttpContext context) => context.Items.TryGetValue(Key, out var caller) ? (Caller)caller! : Keys.Caller.Nobody;

    public static void SetCaller(this HttpContext context, Caller caller) => context.Items[Key] = caller;
}
