using System.CommandLine;
using MakeVideo.Contracts;
using MakeVideo.Store;
using MakeVideo.Terminal.Make;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;

namespace MakeVideo.Terminal;

/// <summary><c>doctor</c>: everything that a job needs, and what to do for each that is not there.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Check that this machine can make videos, and say what is missing.") { CommonOptions.Data, CommonOptions.Models, CommonOptions.Redis };
        command.SetAction(async (parsed, cancellation) =>
        {
            var data = new DataFolder(Path.GetFullPath(parsed.GetValue(CommonOptions.Data)!));
            var checks = await Readiness.CheckAsync(data, parsed.GetValue(CommonOptions.Models)!, cancellation);
            checks = checks.Add(parsed.GetValue(CommonOptions.Redis) is { } redis ? await RedisCheck.CheckAsync(redis) : await EmbeddedAsync(data, cancellation));
            var table = new Table().Border(TableBorder.None).HideHeaders().AddColumn("").AddColumn("").AddColumn("");
            foreach (var check in checks)
            {
                table.AddRow(new Markup(check.Ok ? "[green]ok[/]" : "[red]FAIL[/]"), new Text(check.Name), new Text(check.Ok ? check.Detail : $"{check.Detail}. {check.Remedy}"));
            }

            if (Console.IsOutputRedirected)
            {
                // Nobody's window: paths stay whole.
                AnsiConsole.Profile.Width = 1000;
            }

            AnsiConsole.Write(table);
            return checks.All(check => check.Ok) ? ExitCode.Done : ExitCode.NotReady;
        });
        return command;
    }

    private static async Task<Check> EmbeddedAsync(DataFolder data, CancellationToken cancellation)
    {
        try
        {
            await using var store = await EmbeddedStore.StartAsync(data.Store, NullLoggerFactory.Instance, cancellation);
            return new("store", FailureCodes.StoreUnavailable, true, $"embedded, in {data.Store}", null);
        }
        catch (StoreUnavailableException failure)
        {
            return new("store", FailureCodes.StoreUnavailable, false, failure.Problem, failure.Remedy);
        }
    }
}
