using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Keys;
using Microsoft.AspNetCore.Http;

namespace MakeVideo.Gateway.Jobs;

/// <summary>What a client calls a request, so that it is done once however often it is sent.</summary>
/// <param name="Sha256">Lower-case hex; names the <see cref="ISubmissionGrain"/>.</param>
internal sealed record IdempotencyKey(string Sha256)
{
    private const string Header = "Idempotency-Key";
    private const int Longest = 255;

    /// <summary>The key of a request, null where it has none; or what is wrong with it. Each owner's keys are its own: one that somebody else uses too says nothing of theirs.</summary>
    public static JobFailure? Read(HttpContext context, out IdempotencyKey? key)
    {
        key = null;
        string? text = context.Request.Headers[Header];
        if (text is null)
        {
            return null;
        }

        if (text.Length is 0 or > Longest || !text.All(letter => letter is > ' ' and <= '~'))
        {
            return new(FailureCodes.InvalidRequest, null, $"{Header} must have 1 to {Longest} visible ASCII characters. Use a new UUID for each submission.");
        }

        key = new(Hash(context.Caller().Owner is { } owner ? $"{owner}\n{text}" : text));
        return null;
    }

    /// <summary>The key of one part of the request.</summary>
    public IdempotencyKey Of(int index) => new(Hash(string.Create(CultureInfo.InvariantCulture, $"{Sha256}\n{index}")));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
