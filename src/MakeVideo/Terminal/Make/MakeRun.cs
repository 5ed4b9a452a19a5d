using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using MakeVideo.Hosting;
using MakeVideo.Sources.Library;
using MakeVideo.Store;
using Spectre.Console;

namespace MakeVideo.Terminal.Make;

/// <summary>One <c>make</c> from its options to its exit code.</summary>
internal sealed class MakeRun(MakeOptions options) : IDisposable
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(10);

    private readonly DataFolder _data = new(Path.GetFullPath(options.Data));
    private readonly CancellationTokenSource _interrupted = new();

    public async Task<int> RunAsync()
    {
        var request = options.Check();
        if (request.Failed)
        {
            return await Complaint.WriteAsync(request.Failure, ExitCode.BadInput);
        }

        if (await Readiness.ProblemAsync(_data, options.Models, CancellationToken.None) is { } unready)
        {
            return await Complaint.WriteAsync(unready, ExitCode.NotReady);
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        try
        {
            using var host = await LocalCluster.StartAsync(
                new() { Data = _data, ModelFolder = options.Models, WakeUnfinished = false }, Logs.ToFile(_data), CancellationToken.None);
            using var foundation = Foundation.Of(_data, host.Services);
            using var over = new CancellationTokenSource();
            var watch = foundation.WatchAsync(over.Token);
            try
            {
                return await WorkAsync(host, request.Value, foundation);
            }
            finally
            {
                await over.CancelAsync();
                await watch;
                await host.StopAsync(CancellationToken.None);
            }
        }
        catch (StoreUnavailableException failure)
        {
            return await Complaint.WriteAsync(new(FailureCodes.StoreUnavailable, null, failure.Message), ExitCode.NotReady);
        }
    }

    public void Dispose() => _interrupted.Dispose();

    private async Task<int> WorkAsync(IHost host, JobRequest request, Foundation foundation)
    {
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_interrupted.Token, foundation.Gone);
        Outcome<(JobView View, bool Resumed)> taken;
        try
        {
            taken = await new Intake(grains, _data).TakeAsync(request, options, _interrupted.Token);
        }
        catch (OperationCanceledException) when (_interrupted.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("stopped before the job began");
            return ExitCode.Interrupted;
        }

        if (taken.Failed)
        {
            return await Complaint.WriteAsync(taken.Failure, ExitCode.BadInput);
        }

        var (first, resumed) = taken.Value;
        var job = grains.GetGrain<IJobGrain>(first.Request.JobId);
        IJobDisplay display = options.Json ? new JsonDisplay(Console.Out, TimeProvider.System)
            : AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected ? new LiveDisplay(AnsiConsole.Console)
            : new LineDisplay(Console.Out);
        display.Begin(first, resumed);
        var last = first;
        try
        {
            last = await display.FollowAsync(WatchAsync(job, first, stop.Token));
        }
        catch (OperationCanceledException) when (foundation.Trouble is not null)
        {
            return await StopAsync(host, job, foundation, first.Request.JobId);
        }
        catch (OperationCanceledException) when (_interrupted.IsCancellationRequested)
        {
            await job.DrainAsync();
            await Console.Error.WriteLineAsync($"stopped; resume with: {ResumeCommand(first.Request.JobId)}");
            return ExitCode.Interrupted;
        }

        if (last.Result is not { } result)
        {
            var failure = last.Failure ?? new(FailureCodes.Internal, null, $"The job was {ApiNames.Of(last.Status)}.");
            failure = failure with { Message = failure.Message.Replace(LibraryMessages.AnyClip, "--any-clip", StringComparison.Ordinal) };
            display.Fail(last, failure);
            return await Complaint.WriteAsync(failure, ExitCode.JobFailed);
        }

        var target = Path.GetFullPath(options.Out!);
        if (await Delivery.CopyAsync(_data, last.Request.JobId, result.Epoch, target) is { } undelivered)
        {
            return await Complaint.WriteAsync(undelivered, ExitCode.JobFailed);
        }

        display.Complete(last, result, target);
        return ExitCode.Done;
    }

    private static async IAsyncEnumerable<JobView> WatchAsync(IJobGrain job, JobView first, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var view = first; ;)
        {
            yield return view;
            if (view.Status >= JobStatus.Completed && view.Status != JobStatus.Parked)
            {
                yield break;
            }

            view = await job.WatchAsync(view.Revision).WaitAsync(cancellation) ?? throw new InvalidOperationException("The job was deleted while it was watched.");
        }
    }

    /// <summary>Stops what cannot go on here. What is finished stays; the command that it names goes on from there.</summary>
    private async Task<int> StopAsync(IHost host, IJobGrain job, Foundation foundation, string jobId)
    {
        try
        {
            using var patience = new CancellationTokenSource(StopWithin);
            await job.DrainAsync().WaitAsync(patience.Token);
            await host.StopAsync(patience.Token);
        }
        catch (Exception failure) when (Outages.Is(failure) || failure is OperationCanceledException or AggregateException)
        {
            // As after a kill: the last state that the store took is the job's.
        }

        // At once: a store without room cannot be closed in order, and children die with us.
        Environment.Exit(await Complaint.WriteAsync(new(foundation.Code, null, $"{foundation.Trouble}: {ResumeCommand(jobId)}"), ExitCode.NotReady));
        return ExitCode.NotReady;
    }

    private string ResumeCommand(string jobId) => $"makevideo make --resume {jobId} --data {Quoted(options.Data)} --out {Quoted(options.Out!)}";

    /// <summary>As a shell reads it back.</summary>
    internal static string Quoted(string text) =>
        text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '.' or '_' or '-' or ':') ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    // The first signal stops cleanly, the second at once: what is lost is one segment's work, and children die with us.
    // Ended here and not by the system, since the host asks for the same signals and would have them ignored.
    private void Interrupt(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (_interrupted.IsCancellationRequested)
        {
            // The live display hides the cursor while it draws.
            AnsiConsole.Cursor.Show();
            Environment.Exit(ExitCode.Interrupted);
        }

        _interrupted.Cancel();
    }
}
