using MakeVideo.Contracts;
using MakeVideo.Hosting;
using MakeVideo.Sources;
using MakeVideo.Sources.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MakeVideo.UnitTests.Sources;

public sealed class SourceOrderTests
{
    [Theory]
    [InlineData(null, null, "/clips", "library pexels pixabay")]
    [InlineData(null, null, null, "pexels pixabay")]
    [InlineData("pixabay", null, "/clips", "library pixabay")]
    [InlineData("pixabay,library", null, "/clips", "pixabay library")]
    [InlineData("pixabay,library", null, null, "pixabay")]
    [InlineData("pixabay", "pexels, library", "/clips", "pexels library")]
    [InlineData("pixabay", "pexels,library", null, "pexels")]
    public void The_users_wish_goes_before_the_settings_and_the_library_before_all_else(string? settings, string? wanted, string? library, string expected)
    {
        using var host = Host(("Footage:Sources", settings));

        var order = host.Services.GetRequiredService<SourceOrder>().For(wanted, library);

        Assert.Equal(expected, string.Join(' ', order.Value.Select(source => source.Name)));
    }

    [Theory]
    [InlineData("vimeo", FailureCodes.SourceUnknown)]
    [InlineData("pexels,vimeo", FailureCodes.SourceUnknown)]
    [InlineData(",", FailureCodes.SourceUnknown)]
    [InlineData("library", FailureCodes.LibraryMissing)]
    public void A_source_that_is_not_there_is_told(string wanted, string code)
    {
        using var host = Host();

        var order = host.Services.GetRequiredService<SourceOrder>().For(wanted, libraryFolder: null);

        Assert.Equal(code, order.Failure?.Code);
        Assert.True(code != FailureCodes.SourceUnknown || order.Failure!.Message.Contains("pexels, pixabay.", StringComparison.Ordinal), order.Failure!.Message);
    }

    [Fact]
    public void With_nothing_set_up_the_library_says_what_is_missing()
    {
        using var provider = new ServiceCollection().AddLogging().AddFootageSources().BuildServiceProvider();

        Assert.Equal("library", Assert.Single(provider.GetRequiredService<SourceOrder>().For(null, null).Value).Name);
    }

    [Theory]
    [InlineData("Footage:Sources", "youtube")]
    [InlineData("Footage:Mix", "shaken")]
    public void A_setting_that_makes_no_sense_stops_the_start(string name, string value)
    {
        var refused = Assert.Throws<SettingException>(() => Host((name, value)));

        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }

    private static IHost Host(params (string Name, string? Value)[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(
            [new("Upstreams:Pexels:Key", "k"), new("Upstreams:Pixabay:Key", "k"), .. settings.Select(setting => new KeyValuePair<string, string?>(setting.Name, setting.Value))]);
        builder.AddJobTools("/models");
        return builder.Build();
    }
}
