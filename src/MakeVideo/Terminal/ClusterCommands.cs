using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MakeVideo.Contracts;
using MakeVideo.Gateway;
using MakeVideo.Grains.Cluster;
using MakeVideo.Hosting;
using MakeVideo.Terminal.Make;

namespace MakeVideo.Terminal;

/// <summary><c>silo</c>: one worker of a cluster on Redis.</summary>
internal static class SiloCommand
{
    private const string DefaultAdminUrls = "http://127.0.0.1:8081";

    public static Command Create()
    {
        var address = new Option<string>("--address") { HelpName = "IP", Description = "Address that the others reach this silo at; auto: this host's own.", DefaultValueFactory = _ => "127.0.0.1" };
        var siloPort = Port("--silo-port", "Port for other silos; 0: any free one.");
        var gatewayPort = Port("--gateway-port", "Port for gateways; 0: any free one.");
        var adminUrls = new Option<string>("--admin-urls") { HelpName = "URLS", Description = "Where health, metrics and the dashboard listen; they ask nobody who they are.", DefaultValueFactory = _ => DefaultAdminUrls };
        var name = new Option<string?>("--name") { HelpName = "NAME", Description = "What to call this silo in answers and logs." };
        var slots = new Option<int>("--slots") { HelpName = "N", Description = "Pieces of work at once; by default one per core.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var activeJobs = new Option<int?>("--active-jobs") { HelpName = "N", Description = "Jobs at work at once in the whole cluster; by default two for each slot." };
        var command = new Command("silo", "Run a worker of a cluster on Redis.")
        {
            CommonOptions.Redis, CommonOptions.Data, CommonOptions.Models, CommonOptions.ClusterId, name, address, siloPort, gatewayPort, adminUrls, slots, activeJobs,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (ClusterArguments.Of(parsed) is not { } settings)
            {
                return await Complaint.WriteAsync(ClusterArguments.NoRedis("silo"), ExitCode.BadInput);
            }

            if (AddressOf(parsed.GetValue(address)!) is not { } ip)
            {
                return await Complaint.WriteAsync(new(FailureCodes.InvalidRequest, null, "--address is no IP address of this host. Use auto, or an address that the others can reach."), ExitCode.BadInput);
            }

            if (parsed.GetValue(slots) < 1)
            {
                return await Complaint.WriteAsync(new(FailureCodes.InvalidRequest, null, "--slots must be at least 1."), ExitCode.BadInput);
            }

            var port = parsed.GetValue(gatewayPort);
            settings = settings with
            {
                Address = ip,
                SiloPort = parsed.GetValue(siloPort),
                GatewayPort = port == 0 ? FreePort.Next() : port,
                SiloName = parsed.GetValue(name) ?? settings.SiloName,
                AdminAddress = AdminAddress(parsed.GetValue(adminUrls)!, ip),
            };
            return await RunAsync(settings, new() { Slots = parsed.GetValue(slots), ActiveJobs = parsed.GetValue(activeJobs) }, parsed.GetValue(CommonOptions.Models)!, parsed.GetValue(adminUrls)!, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(ClusterSettings settings, WorkOptions work, string models, string adminUrls, CancellationToken cancellation)
    {
        if (ListenCheck.Problem("--admin-urls", adminUrls) is { } taken)
        {
            return await Complaint.WriteAsync(taken, ExitCode.BadInput);
        }

        if (await Readiness.ProblemAsync(settings.Data, models, cancellation) is { } unready)
        {
            return await Complaint.WriteAsync(unready, ExitCode.NotReady);
        }

        if (await RedisCheck.ProblemAsync(settings.Redis, cancellation) is { } store)
        {
            return await Complaint.WriteAsync(store, ExitCode.NotReady);
        }

        await using var app = SiloRole.Build(settings, work, models, adminUrls);
        var watch = app.Services.GetRequiredService<StoreWatch>();
        await using var end = SiloRole.EndsInTime(app);
        await app.RunAsync(cancellation);
        return watch.Gone ? ExitCode.NotReady : ExitCode.Done;
    }

    private static IPAddress? AddressOf(string text)
    {
        if (text == "auto")
        {
            return Dns.GetHostAddresses(Dns.GetHostName(), AddressFamily.InterNetwork).FirstOrDefault(own => !IPAddress.IsLoopback(own));
        }

        return IPAddress.TryParse(text, out var address) ? address : null;
    }

    /// <summary>The first of the admin port's addresses, as others reach it; null when its port is not known yet.</summary>
    private static string? AdminAddress(string urls, IPAddress own)
    {
        var address = Microsoft.AspNetCore.Http.BindingAddress.Parse(urls.Split(';')[0]);
        var host = address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? own.ToString() : address.Host;
        return address.Port == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{address.Scheme}://{host}:{address.Port}");
    }

    private static Option<int> Port(string name, string description) => new(name) { HelpName = "PORT", Description = description };
}

/// <summary><c>gateway</c>: the API of a cluster on Redis.</summary>
internal static class GatewayCommand
{
    public static Command Create()
    {
        var command = new Command("gateway", "Serve the API of a cluster on Redis.")
        {
            CommonOptions.Redis, CommonOptions.Data, CommonOptions.ClusterId, CommonOptions.Urls, CommonOptions.Library, AccessCheck.Keys, AccessCheck.Open,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (ClusterArguments.Of(parsed) is not { } settings)
            {
                return await Complaint.WriteAsync(ClusterArguments.NoRedis("gateway"), ExitCode.BadInput);
            }

            var library = parsed.GetValue(CommonOptions.Library);
            if (library is not null && MakeOptions.LibraryProblem(library) is { } problem)
            {
                return await Complaint.WriteAsync(problem, ExitCode.BadInput);
            }

            var access = AccessCheck.Of(parsed, parsed.GetValue(CommonOptions.Urls)!, settings.Data);
            if (access.Failed)
            {
                return await Complaint.WriteAsync(access.Failure, ExitCode.BadInput);
            }

            if (ListenCheck.Problem("--urls", parsed.GetValue(CommonOptions.Urls)!) is { } taken)
            {
                return await Complaint.WriteAsync(taken, ExitCode.BadInput);
            }

            if (await RedisCheck.ProblemAsync(settings.Redis, cancellation) is { } store)
            {
                return await Complaint.WriteAsync(store, ExitCode.NotReady);
            }

            var builder = WebApplication.CreateBuilder();
            builder.WebHost.UseUrls(parsed.GetValue(CommonOptions.Urls)!);
            builder.Logging.AddClusterLogs();
            builder.Configuration.AddEnvironmentVariables("MAKEVIDEO_");
            builder.AddMakeVideoClient(settings);

            // Listens while it still looks for a silo: whoever asks is told to come back, instead of being refused.
            builder.Services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true);
            builder.Services.AddMakeVideoGateway(library, access.Value);
            await using var app = builder.Build();
            app.MapMakeVideo();
            await app.RunAsync(cancellation);
            return ExitCode.Done;
        });
        return command;
    }
}

/// <summary>What the command lines of a cluster's processes say of the cluster.</summary>
internal static class ClusterArguments
{
    public static ClusterSettings? Of(ParseResult parsed) => parsed.GetValue(CommonOptions.Redis) is not { Length: > 0 } redis ? null : new()
    {
        Redis = redis,
        Data = new(Path.GetFullPath(parsed.GetValue(CommonOptions.Data)!)),
        ClusterId = parsed.GetValue(CommonOptions.ClusterId)!,
    };

    public static JobFailure NoRedis(string verb) => new(
        FailureCodes.InvalidRequest, null,
        string.Create(CultureInfo.InvariantCulture, $"A cluster needs a Redis. Name it: makevideo {verb} --redis HOST:PORT (or ${CommonOptions.RedisVariable}); one process alone is `makevideo all`."));
}
