using System.Globalization;
using StackExchange.Redis;
using Xunit;

namespace MakeVideo.EndToEndTests.Store;

public sealed class EmbeddedStoreTests : IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "makevideo-store-" + Guid.NewGuid().ToString("N"));

    public void Dispose()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Every_answered_write_survives_a_kill()
    {
        var answered = new Dictionary<string, string>();
        for (var round = 0; round < 3; round++)
        {
            await using var store = await StoreProcess.StartAsync(folder);
            await using var client = await store.ConnectAsync();
            var database = client.GetDatabase();
            await AssertHasAsync(database, answered);

            // The kill falls into a stream of writes; only those answered before it count.
            using var killed = new CancellationTokenSource();
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var writing = WriteAsync(database, round, answered, enough, killed.Token);
            await Task.WhenAny(enough.Task, writing);
            await store.KillAsync();
            await killed.CancelAsync();
            await writing;
        }

        Assert.True(answered.Count >= 900, $"only {answered.Count} writes were answered");
        await using var last = await StoreProcess.StartAsync(folder);
        await using var reader = await last.ConnectAsync();
        await AssertHasAsync(reader.GetDatabase(), answered);
    }

    [Fact]
    public async Task Guarded_writes_of_grains_survive_a_kill()
    {
        // The script form that the grain state provider uses: compare the tag, write a hash.
        const string Script = "local etag = redis.call('HGET', KEYS[1], 'etag') if etag == false or etag == ARGV[1] then redis.call('HMSET', KEYS[1], 'etag', ARGV[2], 'data', ARGV[3]) return 0 else return -1 end";
        await using (var store = await StoreProcess.StartAsync(folder))
        {
            await using var client = await store.ConnectAsync();
            var database = client.GetDatabase();
            for (var version = 0; version < 200; version++)
            {
                var result = await database.ScriptEvaluateAsync(Script, ["job"], [version, version + 1, new string('x', version)]);
                Assert.Equal(0, (int)result);
            }

            await store.KillAsync();
        }

        await using var again = await StoreProcess.StartAsync(folder);
        await using var reader = await again.ConnectAsync();
        Assert.Equal("200", (string?)await reader.GetDatabase().HashGetAsync("job", "etag"));
        Assert.Equal(-1, (int)await reader.GetDatabase().ScriptEvaluateAsync(Script, ["job"], [199, 201, "stale"]));
    }

    [Fact]
    public async Task Old_keys_survive_more_writes_than_memory_and_the_folder_stays_small()
    {
        // 128 MB live, twice the memory; then rounds of 80 MB of rewrites, each longer than before, so that none can be done where the old one lies.
        const int Live = 2048, Hot = 50, Rounds = 6, Round = 1250, Kilobytes = 64;
        var payload = new byte[2 * Kilobytes * 1024];
        Random.Shared.NextBytes(payload);
        await using (var store = await StoreProcess.StartAsync(folder))
        {
            await using var client = await store.ConnectAsync();
            var database = client.GetDatabase();
            for (var i = 0; i < 100; i++)
            {
                await database.StringSetAsync($"old:{i}", i);
            }

            foreach (var some in Enumerable.Range(0, Live).Chunk(16))
            {
                await Task.WhenAll(some.Select(n => database.StringSetAsync($"live:{n}", payload.AsMemory(n, Kilobytes * 1024))));
            }

            for (var round = 0; round < Rounds; round++)
            {
                foreach (var some in Enumerable.Range(round * Round, Round).Chunk(16))
                {
                    await Task.WhenAll(some.Select(n => database.StringSetAsync($"hot:{n % Hot}", payload.AsMemory(0, (Kilobytes * 1024) + (n / Hot * 256)))));
                }

                // A checkpoint follows as soon as the log of writes has passed its limit.
                await WaitForAsync(() => Size(Path.Combine(folder, "checkpoints", "AOF")) < 64 << 20);
            }

            Assert.Equal(99, (int)await database.StringGetAsync("old:99"));
            Assert.InRange(PeakMemory(store.Id), 1, 400 << 20);
            await store.KillAsync();
        }

        Assert.InRange(Size(folder), 128 << 20, 512 << 20);
        await using var again = await StoreProcess.StartAsync(folder);
        await using var reader = await again.ConnectAsync();
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(i, (int)await reader.GetDatabase().StringGetAsync($"old:{i}"));
        }

        Assert.Equal(payload.AsMemory(Live - 1, Kilobytes * 1024), (ReadOnlyMemory<byte>)await reader.GetDatabase().StringGetAsync($"live:{Live - 1}"));
        Assert.Equal((Kilobytes * 1024) + (((Rounds * Round) - 1) / Hot * 256), await reader.GetDatabase().StringLengthAsync($"hot:{((Rounds * Round) - 1) % Hot}"));
    }

    [Fact]
    public async Task A_second_process_on_the_same_folder_is_told_who_has_it()
    {
        await using var first = await StoreProcess.StartAsync(folder);
        await using var second = await StoreProcess.StartAsync(folder);
        var (code, error) = await second.EndAsync();

        Assert.Equal(3, code);
        Assert.StartsWith("error[store_unavailable]: the store in ", error, StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"in use by process {first.Id}."), error, StringComparison.Ordinal);
        Assert.Equal("", second.FirstLine);
    }

    [Fact]
    public async Task Nobody_gets_in_without_the_password()
    {
        await using var store = await StoreProcess.StartAsync(folder);
        var address = store.FirstLine.Split(',')[0];
        await using var client = await ConnectionMultiplexer.ConnectAsync(address + ",abortConnect=false,connectRetry=1,connectTimeout=1000");
        await Assert.ThrowsAnyAsync<RedisException>(() => client.GetDatabase().StringSetAsync("key", "value"));
    }

    [Fact]
    public async Task A_terminated_store_ends_with_code_0_and_keeps_what_it_had()
    {
        await using (var store = await StoreProcess.StartAsync(folder))
        {
            await using var client = await store.ConnectAsync();
            await client.GetDatabase().StringSetAsync("key", "value");
            Assert.Equal(0, await store.StopAsync());
        }

        await using var again = await StoreProcess.StartAsync(folder);
        await using var reader = await again.ConnectAsync();
        Assert.Equal("value", (string?)await reader.GetDatabase().StringGetAsync("key"));
    }

    private static long Size(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Exists ? file.Length : 0);

    /// <summary>Bytes that the process ever had resident at once.</summary>
    private static long PeakMemory(int process) =>
        1024 * File.ReadLines($"/proc/{process}/status").Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Select(line => long.Parse(line[6..^2], CultureInfo.InvariantCulture)).Single();

    private static async Task WaitForAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!condition() && await tick.WaitForNextTickAsync(limit.Token))
        {
        }
    }

    private static async Task WriteAsync(IDatabase database, int round, Dictionary<string, string> answered, TaskCompletionSource enough, CancellationToken killed)
    {
        for (var i = 0; !killed.IsCancellationRequested; i++)
        {
            var (key, value) = ($"key:{round}:{i}", new string((char)('a' + (i % 26)), 1 + (i * 37 % 5000)));
            try
            {
                await database.StringSetAsync(key, value);
            }
            catch (RedisException)
            {
                return;
            }

            answered[key] = value;
            if (i == 300)
            {
                enough.TrySetResult();
            }
        }
    }

    private static async Task AssertHasAsync(IDatabase database, Dictionary<string, string> answered)
    {
        foreach (var (key, value) in answered)
        {
            Assert.Equal(value, (string?)await database.StringGetAsync(key));
        }
    }
}
