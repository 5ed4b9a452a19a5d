using System.CommandLine;
using MakeVideo.Terminal;
using MakeVideo.Terminal.Make;

var root = new RootCommand("Speech in, captioned short video out.")
{
    MakeCommand.Create(),
    AllCommand.Create(),
    SiloCommand.Create(),
    GatewayCommand.Create(),
    KeysCommand.Create(),
    DoctorCommand.Create(),
    StoreCommand.Create(),
};

return await Verbs.RunAsync(root, args);
