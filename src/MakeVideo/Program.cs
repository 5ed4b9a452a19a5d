using System.CommandLine;
using MakeVideo.Terminal;

var root = new RootCommand("Speech in, captioned short video out.")
{
    StoreCommand.Create(),
};

return await Verbs.RunAsync(root, args);
