using System.CommandLine;
using System.Text.Json.Nodes;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Keys;
using MakeVideo.Terminal;
using MakeVideo.UnitTests.Gateway;

namespace MakeVideo.UnitTests.Terminal;

public sealed class KeysCommandTests : IDisposable
{
    private readonly DataFolder _data = new(Directory.CreateTempSubdirectory("makevideo-keys-").FullName);

    public void Dispose() => Directory.Delete(_data.Root, recursive: true);

    [Fact]
    public async Task A_key_is_made_kept_as_a_hash_and_revoked()
    {
        Assert.Equal(0, await RunAsync("keys", "add", "--owner", "ann", "--note", "phone"));
        Assert.Equal(0, await RunAsync("keys", "add", "--owner", "root", "--scopes", "admin"));
        var keys = new KeyFile(_data).Read();

        Assert.Equal([("ann", "Read,Submit"), ("root", "Admin")], keys.Select(key => (key.Owner, string.Join(',', key.Scopes))));
        Assert.All(keys, key => Assert.Matches("^[0-9a-f]{64}$", key.Sha256));
        Assert.Equal(0, await RunAsync("keys", "revoke", keys[0].Id));
        Assert.Equal([false, true], new KeyFile(_data).Read().Select(key => key.RevokedAt is null));
        Assert.Equal(0, await RunAsync("keys", "list"));
    }

    [Theory]
    [InlineData("add", "--owner", "Ann")]
    [InlineData("add", "--owner", "../x")]
    [InlineData("add", "--owner", "ann", "--scopes", "submit,everything")]
    [InlineData("add")]
    [InlineData("revoke", "nonesuch")]
    public async Task What_makes_no_sense_is_refused(params string[] arguments) => Assert.Equal(ExitCode.BadInput, await RunAsync(["keys", .. arguments]));

    [Fact]
    public async Task A_file_that_is_none_is_not_written_over()
    {
        await File.WriteAllTextAsync(_data.Keys, "{", TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.NotReady, await RunAsync("keys", "add", "--owner", "ann"));
        Assert.Equal("{", await File.ReadAllTextAsync(_data.Keys, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Keys_are_written_as_they_always_were_and_unknown_fields_stay()
    {
        var file = new KeyFile(_data);
        file.Change(_ => [new() { Id = "0123abcd", Sha256 = new string('a', 64), Owner = "ann", Scopes = [KeyScope.Read, KeyScope.Submit], Note = "phone", CreatedAt = Samples.Noon }]);
        Golden.Match(File.ReadAllText(_data.Keys) + "\n", "keys.json");

        var newer = JsonNode.Parse(File.ReadAllText(_data.Keys))!;
        newer["policy"] = "strict";
        newer["keys"]![0]!["expires_at"] = "2030-01-01T00:00:00+00:00";
        File.WriteAllText(_data.Keys, newer.ToJsonString());
        file.Change(keys => keys);

        var kept = JsonNode.Parse(File.ReadAllText(_data.Keys))!;
        Assert.Equal(("strict", "2030-01-01T00:00:00+00:00"), ((string?)kept["policy"], (string?)kept["keys"]![0]!["expires_at"]));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8004", false, "", false)]
    [InlineData("http://localhost:8004;http://[::1]:8004", false, "", false)]
    [InlineData("http://127.0.0.1:8004", true, "", false)]
    [InlineData("http://127.0.0.1:8004", false, "--keys", null)]
    [InlineData("http://127.0.0.1:8004", true, "--keys", true)]
    [InlineData("http://0.0.0.0:8004", false, "", null)]
    [InlineData("http://*:8004", false, "", null)]
    [InlineData("http://127.0.0.1:8004;http://10.0.0.1:8004", false, "", null)]
    [InlineData("http://0.0.0.0:8004", true, "", true)]
    [InlineData("http://0.0.0.0:8004", false, "--open", false)]
    [InlineData("http://0.0.0.0:8004", true, "--open --keys", null)]
    public void A_server_asks_for_keys_beyond_the_loopback_and_does_not_start_without_one(string urls, bool hasKey, string flags, bool? asks)
    {
        if (hasKey)
        {
            new KeyFile(_data).Change(_ => [ApiKey.Create("ann", [KeyScope.Read], null, Samples.Noon).Key]);
        }

        var command = new Command("all") { AccessCheck.Keys, AccessCheck.Open };
        var access = AccessCheck.Of(command.Parse(flags), urls, _data);

        Assert.Equal(asks, access.Failed ? null : access.Value.Required);
    }

    [Fact]
    public void A_key_whose_secret_is_another_does_not_match()
    {
        var (key, token) = ApiKey.Create("ann", [KeyScope.Read], null, Samples.Noon);

        Assert.True(key.Matches(token));
        Assert.False(key.Matches(token[..^1] + (token[^1] == 'A' ? 'B' : 'A')));
        Assert.Equal(key.Id, ApiKey.IdOf(token));
        Assert.Null(ApiKey.IdOf(token + "0"));
        Assert.Null(ApiKey.IdOf(token + "\n"));
    }

    private Task<int> RunAsync(params string[] arguments) => Verbs.RunAsync([KeysCommand.Create()], [.. arguments, "--data", _data.Root]);
}
