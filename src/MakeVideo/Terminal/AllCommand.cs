using System.CommandLine;
using MakeVideo.Contracts;
using MakeVideo.Gateway;
using MakeVideo.Hosting;
using MakeVideo.Store;
using MakeVideo.Terminal.Make;

namespace MakeVideo.Terminal;

/// <summary><c>all</c>: store, silo and HTTP gateway in one process.</summary>
internal static class AllCommand
{
    /// <summary>Loopback only: the API asks nobody who they are.</summary>
    private const string DefaultUrls = "http://127.0.0.1:8004";

    public static Command Create()
    {
        var urls = new Option<string>("--urls") { HelpName = "URLS", Description = "Where to listen.", DefaultValueFactory = _ => DefaultUrls };
        var library = new Option<string?>("--library") { HelpName = "DIR", Description = "The footage library of every job." };
        var command = new Command("all", "Serve the API, with store and workers in this process.") { urls, library, CommonOptions.Data, CommonOptions.Models, CommonOptions.Redis };
        command.SetAction((parsed, cancellation) => RunAsync(
            new()
            {
                Data = new(Path.GetFullPath(parsed.GetValue(CommonOptions.Data)!)),
                ModelFolder = parsed.GetValue(CommonOptions.Models)!,
                Redis = parsed.GetValue(CommonOptions.Redis),
            },
            parsed.GetValue(urls)!, parsed.GetValue(library), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(LocalClusterOptions options, string urls, string? library, CancellationToken cancellation)
    {
        if (library is not null && MakeOptions.LibraryProblem(library) is { } problem)
        {
            return await Complaint.WriteAsync(problem, ExitCode.BadInput);
        }

        if (await Readiness.ProblemAsync(options.Data, options.ModelFolder, cancellation) is { } unready)
        {
            return await Complaint.WriteAsync(unready, ExitCode.NotReady);
        }

        try
        {
            var builder = WebApplication.CreateBuilder();
            builder.WebHost.UseUrls(urls);
            builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Orleans", LogLevel.Warning).AddFilter("Garnet", LogLevel.Warning).AddFilter("Polly", LogLevel.Warning);
            await builder.AddLocalClusterAsync(options, cancellation);
            builder.Services.AddMakeVideoGateway();
            if (library is not null)
            {
                builder.Services.PostConfigure<GatewayOptions>(gateway => gateway.LibraryFolder = Path.GetFullPath(library));
            }

            await using var app = builder.Build();
            app.MapMakeVideo();
            await app.RunAsync(cancellation);
            return ExitCode.Done;
        }
        catch (StoreUnavailableException failure)
        {
            return await Complaint.WriteAsync(new(FailureCodes.StoreUnavailable, null, failure.Message), ExitCode.NotReady);
        }
        catch (IOException failure) when (failure.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            return await Complaint.WriteAsync(new(FailureCodes.InvalidRequest, null, $"--urls {urls} is in use by another program. Choose another port: --urls http://127.0.0.1:8014"), ExitCode.BadInput);
        }
    }
}
