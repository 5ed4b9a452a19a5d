using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Keys;
using MakeVideo.Terminal.Make;

namespace MakeVideo.Terminal;

/// <summary><c>keys</c>: who may use the API. Works on the data folder, whether or not anything runs; servers take a change over within a second.</summary>
internal static class KeysCommand
{
    private const int LongestNote = 200;

    public static Command Create() => new("keys", "Make, list and revoke the keys of the API.") { Add(), List(), Revoke() };

    private static Command Add()
    {
        var owner = new Option<string>("--owner") { HelpName = "NAME", Description = "Whose jobs it makes and sees: small letters, digits, . _ -", Required = true };
        var scopes = new Option<string>("--scopes") { HelpName = "SCOPES", Description = "What it allows, separated by commas: submit, read, admin.", DefaultValueFactory = _ => "submit,read" };
        var note = new Option<string?>("--note") { HelpName = "TEXT", Description = "What it is for." };
        var command = new Command("add", "Make a key and print it; it is told this once.") { owner, scopes, note, CommonOptions.Data };
        command.SetAction((parsed, _) => ChangeAsync(parsed, async file =>
        {
            var (name, words) = (parsed.GetValue(owner)!, parsed.GetValue(note));
            if (!ApiKey.IsOwner(name))
            {
                return await RefuseAsync("--owner must have 1 to 63 small letters, digits, dots, underscores or hyphens, and begin with a letter or a digit.");
            }

            if (words is { Length: > LongestNote } || words?.Any(char.IsControl) is true)
            {
                return await RefuseAsync($"--note must be one line of at most {LongestNote} characters.");
            }

            var wanted = parsed.GetValue(scopes)!.Split(',', StringSplitOptions.TrimEntries).Select(ApiNames.Parse<KeyScope>).Distinct().ToList();
            if (wanted.Contains(null))
            {
                return await RefuseAsync($"--scopes must be some of {string.Join(", ", ApiNames.All<KeyScope>())}, separated by commas.");
            }

            var (key, token) = ApiKey.Create(name, [.. wanted.OfType<KeyScope>().Order()], words, DateTimeOffset.UtcNow);
            file.Change(keys => [.. keys, key]);
            await Console.Error.WriteLineAsync($"key {key.Id} of {name}, {Words(key.Scopes)}. Keep it: it is not told again.");
            await Console.Out.WriteLineAsync(token);
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command List()
    {
        var json = new Option<bool>("--json") { Description = "As JSON." };
        var command = new Command("list", "List the keys; their secrets are not kept.") { json, CommonOptions.Data };
        command.SetAction((parsed, _) => ChangeAsync(parsed, async file =>
        {
            var keys = file.Read();
            if (parsed.GetValue(json))
            {
                var told = keys.Select(key => new { id = key.Id, owner = key.Owner, scopes = key.Scopes.Select(ApiNames.Of), note = key.Note, created_at = key.CreatedAt, revoked_at = key.RevokedAt });
                await Console.Out.WriteLineAsync(JsonSerializer.Serialize(told));
                return ExitCode.Done;
            }

            foreach (var key in keys)
            {
                var state = key.RevokedAt is { } end ? $"revoked {Day(end)}" : "good";
                await Console.Out.WriteLineAsync($"{key.Id}  {key.Owner,-20}  {Words(key.Scopes),-20}  {Day(key.CreatedAt)}  {state,-18}  {key.Note}".TrimEnd());
            }

            return ExitCode.Done;
        }));
        return command;
    }

    private static Command Revoke()
    {
        var id = new Argument<string>("ID") { Description = "As keys list has it." };
        var command = new Command("revoke", "End a key, within a second on every gateway.") { id, CommonOptions.Data };
        command.SetAction((parsed, _) => ChangeAsync(parsed, async file =>
        {
            var wanted = parsed.GetValue(id)!;
            var found = false;
            file.Change(keys => [.. keys.Select(key => key.Id == wanted && (found = true) ? key with { RevokedAt = key.RevokedAt ?? DateTimeOffset.UtcNow } : key)]);
            return found ? ExitCode.Done : await RefuseAsync("There is no such key. makevideo keys list shows them all.");
        }));
        return command;
    }

    private static async Task<int> ChangeAsync(ParseResult parsed, Func<KeyFile, Task<int>> change)
    {
        var data = new DataFolder(Path.GetFullPath(parsed.GetValue(CommonOptions.Data)!));
        try
        {
            return await change(new(data));
        }
        catch (InvalidDataException failure)
        {
            return await Complaint.WriteAsync(new(FailureCodes.StateCorrupt, null, $"{failure.Message} Restore it from a copy, or move it away and make new keys."), ExitCode.NotReady);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return await Complaint.WriteAsync(
                new(FailureCodes.OutputNotWritable, null, $"{data.Keys} cannot be used: {failure.Message.ReplaceLineEndings(" ")} Choose the folder with --data, mend its permissions, or try again if another keys command runs."), ExitCode.NotReady);
        }
    }

    private static Task<int> RefuseAsync(string message) => Complaint.WriteAsync(new(FailureCodes.InvalidRequest, null, message), ExitCode.BadInput);

    private static string Words(IEnumerable<KeyScope> scopes) => string.Join(',', scopes.Select(ApiNames.Of));

    private static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
