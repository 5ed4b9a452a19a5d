using MakeVideo.Grains.Cluster;
using MakeVideo.Terminal;
using OpenTelemetry.Metrics;
using Orleans.Dashboard;

namespace MakeVideo.Hosting;

/// <summary>A silo of a cluster on Redis: worker slots, and an admin port for health, metrics and the dashboard.</summary>
internal static class SiloRole
{
    /// <summary>Longest time from SIGTERM to the end: ffmpeg has 5 s to go, its jobs as long to move. Compose and Kubernetes wait longer.</summary>
    private static readonly TimeSpan LeavesWithin = TimeSpan.FromSeconds(20);

    /// <summary>For what comes after the last of the services; together with it still within the grace of <c>docker stop</c> in the compose file.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    /// <summary>Builds the host; nothing runs yet.</summary>
    /// <param name="settings">The cluster.</param>
    /// <param name="work">The slots.</param>
    /// <param name="modelFolder">Speech models.</param>
    /// <param name="adminUrls">Where the admin port listens.</param>
    public static WebApplication Build(ClusterSettings settings, WorkOptions work, string modelFolder, string adminUrls)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls(adminUrls);
        builder.Logging.AddClusterLogs();
        if (ShiftedClock.OfThisProcess is { } clock)
        {
            builder.Services.AddSingleton(clock);
        }

        builder.AddMakeVideoSilo(settings, work);
        builder.UseOrleans(silo => silo.AddDashboard());
        builder.AddJobTools(modelFolder);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = LeavesWithin);
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(ClusterMeter.Name, "Microsoft.Orleans", "System.Runtime").AddPrometheusExporter());

        var app = builder.Build();
        app.MapGet("/health/live", () => Results.Text("ok"));
        app.MapGet("/health/ready", Ready);
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapOrleansDashboard("/dashboard");
        return app;
    }

    /// <summary>
    /// Ends the process soon after the time that leaving may take. A silo that is cut off would try for another minute to tell the membership
    /// that it goes; the others know already.
    /// </summary>
    public static IAsyncDisposable EndsInTime(WebApplication app)
    {
        var timer = new Timer(_ => Environment.Exit(ExitCode.NotReady));
        app.Lifetime.ApplicationStopping.Register(() => timer.Change(LeavesWithin + Margin, Timeout.InfiniteTimeSpan));
        return timer;
    }

    private static IResult Ready(SiloBoard board, WorkerSlots slots, RunningJobs running)
    {
        var problem = board.Draining ? "draining" : board.StoreSeen ? null : "the store does not answer";
        return Results.Json(
            new { status = problem ?? "ready", slots = new { used = slots.Used, waiting = slots.Waiting, limit = slots.Limit }, jobs = running.Count, peers = board.Others.Length },
            statusCode: problem is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>What an operator wants to read: our own words, and warnings of everybody else.</summary>
    public static ILoggingBuilder AddClusterLogs(this ILoggingBuilder logging) => logging
        .AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat, console.UseUtcTimestamp) = (true, "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ", true))
        .AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Orleans", LogLevel.Warning).AddFilter("Garnet", LogLevel.Warning).AddFilter("Polly", LogLevel.Warning);
}
