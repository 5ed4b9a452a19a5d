using System.CommandLine;
using MakeVideo.Contracts;
using MakeVideo.Gateway;
using MakeVideo.Gateway.Keys;
using MakeVideo.Grains.Cluster;
using MakeVideo.Hosting;
using MakeVideo.Store;
using MakeVideo.Terminal.Make;

namespace MakeVideo.Terminal;

/// <summary><c>all</c>: store, silo and HTTP gateway in one process.</summary>
internal static class AllCommand
{
    public static Command Create()
    {
        var command = new Command("all", "Serve the API, with store and workers in this process.") { CommonOptions.Urls, CommonOptions.Library, CommonOptions.Data, CommonOptions.Models, CommonOptions.Redis, AccessCheck.Keys, AccessCheck.Open };
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = new LocalClusterOptions
            {
                Data = new(Path.GetFullPath(parsed.GetValue(CommonOptions.Data)!)),
                ModelFolder = parsed.GetValue(CommonOptions.Models)!,
                Redis = parsed.GetValue(CommonOptions.Redis),
            };
            var urls = parsed.GetValue(CommonOptions.Urls)!;
            var access = AccessCheck.Of(parsed, urls, options.Data);
            return access.Failed
                ? await Complaint.WriteAsync(access.Failure, ExitCode.BadInput)
                : await RunAsync(options, urls, access.Value, parsed.GetValue(CommonOptions.Library), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(LocalClusterOptions options, string urls, KeyOptions access, string? library, CancellationToken cancellation)
    {
        if (library is not null && MakeOptions.LibraryProblem(library) is { } problem)
        {
            return await Complaint.WriteAsync(problem, ExitCode.BadInput);
        }

        if (ListenCheck.Problem("--urls", urls) is { } taken)
        {
            return await Complaint.WriteAsync(taken, ExitCode.BadInput);
        }

        if (await Readiness.ProblemAsync(options.Data, options.ModelFolder, cancellation) is { } unready)
        {
            return await Complaint.WriteAsync(unready, ExitCode.NotReady);
        }

        try
        {
            var builder = WebApplication.CreateBuilder();
            builder.WebHost.UseUrls(urls);
            builder.Logging.AddClusterLogs();
            await builder.AddLocalClusterAsync(options, cancellation);
            builder.Services.AddMakeVideoGateway(library, access);
            await using var app = builder.Build();
            app.MapMakeVideo();
            var watch = app.Services.GetRequiredService<StoreWatch>();
            await app.RunAsync(cancellation);
            return watch.Gone ? ExitCode.NotReady : ExitCode.Done;
        }
        catch (StoreUnavailableException failure)
        {
            return await Complaint.WriteAsync(new(FailureCodes.StoreUnavailable, null, failure.Message), ExitCode.NotReady);
        }
    }
}
