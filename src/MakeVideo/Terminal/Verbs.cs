using System.CommandLine;
using System.CommandLine.Parsing;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using MakeVideo.Sources.Http;

namespace MakeVideo.Terminal;

/// <summary>Parses and runs a command line with our exit codes.</summary>
internal static class Verbs
{
    public static async Task<int> RunAsync(RootCommand root, string[] arguments)
    {
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            var verb = VerbOf(parsed.CommandResult);
            var errors = string.Join("; ", parsed.Errors.Select(error => error.Message.TrimEnd('.')));
            return await Complaint.WriteAsync(new(FailureCodes.InvalidRequest, null, $"{errors}. See: makevideo {verb}--help"), ExitCode.BadInput);
        }

        var testing = Environment.GetEnvironmentVariable(Failpoints.TestingVariable);
        if ((Failpoints.Problem(Environment.GetEnvironmentVariable(Failpoints.Variable), testing) ?? ShiftedClock.Problem(Environment.GetEnvironmentVariable(ShiftedClock.Variable), testing)) is { } forTests)
        {
            return await Complaint.WriteAsync(new(FailureCodes.InvalidRequest, null, forTests), ExitCode.BadInput);
        }

        try
        {
            // Signals are each verb's own: make must write its checkpoint, and the library would end the process after 2 s.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (SettingException setting)
        {
            return await Complaint.WriteAsync(new(FailureCodes.InvalidRequest, null, setting.Message), ExitCode.BadInput);
        }
        catch (Exception bug)
        {
            await Complaint.WriteAsync(new(FailureCodes.Internal, null, $"{bug.GetType().Name}: {bug.Message} This is a fault of makevideo; please report it with what follows."), ExitCode.JobFailed);
            await Console.Error.WriteLineAsync(bug.ToString());
            return ExitCode.JobFailed;
        }
    }

    /// <summary>The words that lead to a command: <c>keys add </c>; nothing for the root.</summary>
    private static string VerbOf(CommandResult command) =>
        command.Command is RootCommand ? "" : (command.Parent is CommandResult above ? VerbOf(above) : "") + command.Command.Name + " ";
}
