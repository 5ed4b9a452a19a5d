using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MakeVideo.Contracts;
using MakeVideo.Sources.Http;
using MakeVideo.Sources.Library;

namespace MakeVideo.Sources.YtDlp;

/// <summary>YouTube by yt-dlp, a program of its own: no service has to run.</summary>
/// <param name="tool">Starts it.</param>
/// <param name="gate">As before every upstream.</param>
/// <param name="program">Name or path.</param>
/// <param name="clock">For deadlines.</param>
internal sealed class YtDlpSource(IToolProcess tool, IUpstreamGate gate, string program, TimeProvider clock) : IFootageSource
{
    public const string SourceName = "yt-dlp";

    private const int PageSize = 50;

    /// <summary>As many as the replaced service allowed a job (max_shorts).</summary>
    private const int MostResults = 500;

    /// <summary>Seconds; what YouTube calls a short. A longer video is no footage but a film, and takes minutes to fetch.</summary>
    private const double Longest = 180;

    /// <summary>A flat search of 500 takes ten requests.</summary>
    private static readonly TimeSpan SearchWithin = TimeSpan.FromMinutes(2);

    /// <summary>A short at the least rate that any source may have (<see cref="UpstreamTimeouts.Download"/>).</summary>
    private static readonly TimeSpan FetchWithin = TimeSpan.FromMinutes(15);

    // Few at once: sites that are asked by programs throttle whoever asks much.
    private static readonly UpstreamOptions Options = new() { Name = SourceName, Url = new("https://www.youtube.com"), Section = "Upstreams:YtDlp", Limits = new(Concurrency: 3) };

    public string Name => SourceName;

    /// <summary>As with youtube-search: each page asks for more results, and offers those past the ones that it had.</summary>
    public async Task<Outcome<FootagePage>> SearchAsync(FootageQuery query, string? page, CancellationToken cancellation)
    {
        if (!PageToken.Read(page, MostResults, out var had))
        {
            return PageToken.Unknown(page, Name);
        }

        var wanted = Math.Min(had + PageSize, MostResults);
        var lines = new List<string>();
        using var folder = new ToolFolder(Path.GetTempPath());
        var failure = await RunAsync(YtDlpArguments.Search(query.Text, wanted), folder.Path, SearchWithin, JobStage.FetchingShorts, lines.Add, cancellation);
        if (failure is not null)
        {
            return failure;
        }

        ImmutableArray<ClipCandidate> candidates = [.. lines.Skip(had).Select(Candidate).OfType<ClipCandidate>().DistinctBy(clip => clip.Id)];
        return candidates.IsEmpty && had == 0
            ? NoMatch.For(query, Name)
            : new FootagePage(candidates, lines.Count >= wanted && wanted < MostResults ? wanted.ToString(CultureInfo.InvariantCulture) : null);
    }

    public async Task<Outcome<string>> FetchAsync(ClipCandidate clip, string target, long maxBytes, IProgress<double>? progress, CancellationToken cancellation)
    {
        if (!RemoteIds.Fits(clip.Id))
        {
            return Failure(FailureCodes.ClipMissing, "it has an id that no video has");
        }

        // Beside the target, so that the last step is a rename.
        using var folder = new ToolFolder(Path.GetDirectoryName(target)!);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var tooLarge = false;
        try
        {
            if (await RunAsync(YtDlpArguments.Fetch(Page(clip.Id), maxBytes), folder.Path, FetchWithin, JobStage.DownloadingShorts, Watch, stop.Token) is { } failure)
            {
                return failure;
            }
        }
        catch (OperationCanceledException) when (tooLarge && !cancellation.IsCancellationRequested)
        {
            return TooLarge();
        }

        return await TakeAsync(Path.Combine(folder.Path, YtDlpArguments.FileName));

        // A size that nobody announced is noticed as it grows.
        void Watch(string line)
        {
            if (line.Split(' ') is not [YtDlpArguments.Progress, var done, var whole] || !long.TryParse(done, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
            {
                return;
            }

            if (bytes > maxBytes)
            {
                tooLarge = true;
                stop.Cancel();
            }
            else if (long.TryParse(whole, NumberStyles.None, CultureInfo.InvariantCulture, out var total) && total > 0)
            {
                progress?.Report(Math.Min(1, (double)bytes / total));
            }
        }

        async Task<Outcome<string>> TakeAsync(string file)
        {
            // Past --max-filesize it says so, fetches nothing and calls that a success.
            if (new FileInfo(file) is not { Exists: true, Length: var length })
            {
                return TooLarge();
            }

            if (length == 0 || length > maxBytes)
            {
                return length == 0 ? Failure(FailureCodes.ClipEmpty, "0 bytes came") : TooLarge();
            }

            string sha256;
            await using (var bytes = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 1, FileOptions.Asynchronous | FileOptions.SequentialScan))
            {
                sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(bytes, cancellation));
                bytes.Flush(flushToDisk: true);
            }

            File.Move(file, target, overwrite: true);
            return sha256;
        }

        Outcome<string> TooLarge() => Failure(FailureCodes.ClipTooLarge, string.Create(CultureInfo.InvariantCulture, $"it is over the limit of {maxBytes} bytes"));
    }

    private async Task<JobFailure?> RunAsync(ImmutableArray<string> arguments, string folder, TimeSpan deadline, JobStage stage, Action<string> line, CancellationToken cancellation)
    {
        var entered = await UpstreamPermit.EnterAsync(gate, Options, deadline, clock, stage, cancellation);
        if (entered.Failed)
        {
            return entered.Failure;
        }

        await using var permit = entered.Value;
        var result = await tool.RunAsync(new(program, arguments, folder, deadline, line), cancellation);
        if (result.End is ToolEnd.Ok)
        {
            permit.Report = new(UpstreamVerdict.Answered);
            return null;
        }

        (var failure, permit.Report) = YtDlpErrors.Read(result, program, stage, clock.GetUtcNow());
        return failure;
    }

    private static ClipCandidate? Candidate(string line)
    {
        if (LooseJson.Parse(Encoding.UTF8.GetBytes(line)) is not { } item || item.Text("id") is not { } id || !RemoteIds.Fits(id))
        {
            return null;
        }

        var author = item.Text("channel") ?? item.Text("uploader");
        return item.Number("duration") is > 0 and <= Longest and var seconds
            ? new(SourceName, id, Page(id), OneLine.Of(item.Text("title") ?? id, 200), author is null ? null : OneLine.Of(author, 200), Page(id), item.Text("license") is { } licence ? OneLine.Of(licence, 100) : "YouTube: all rights with the channel, unless its page says otherwise", seconds)
            : null;
    }

    private static string Page(string id) => $"https://www.youtube.com/watch?v={id}";

    private static JobFailure Failure(string code, string why) => new(code, JobStage.DownloadingShorts, $"A clip of yt-dlp cannot be used: {why}.");

    private sealed class ToolFolder : IDisposable
    {
        public ToolFolder(string parent) => Path = Directory.CreateDirectory(System.IO.Path.Combine(parent, $".yt-dlp-{Guid.NewGuid():N}")).FullName;

        public string Path { get; }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
