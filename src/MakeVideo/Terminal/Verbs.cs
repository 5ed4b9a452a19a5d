using System.CommandLine;

namespace MakeVideo.Terminal;

/// <summary>Parses and runs a command line with our exit codes.</summary>
internal static class Verbs
{
    public static async Task<int> RunAsync(RootCommand root, string[] arguments)
    {
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"error[invalid_request]: {error.Message}; see: makevideo {parsed.CommandResult.Command.Name} --help");
            }

            return ExitCode.BadInput;
        }

        // Signals are each verb's own: make must write its checkpoint, and the library would end the process after 2 s.
        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }
}
