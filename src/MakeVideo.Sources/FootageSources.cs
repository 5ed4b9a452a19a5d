using MakeVideo.Contracts;
using MakeVideo.Sources.Http;
using MakeVideo.Sources.Library;
using MakeVideo.Sources.Pexels;
using MakeVideo.Sources.Pixabay;
using MakeVideo.Sources.YoutubeSearch;
using MakeVideo.Sources.YtDlp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MakeVideo.Sources;

internal static class FootageSources
{
    // Downloads fill the line, and the file hosts are content networks: some at once, not dozens.
    private static readonly UpstreamLimits FileHost = new(Concurrency: 8);

    // A search makes one request a page; the reference's services work off few jobs at once, and polls are cheap.
    private static readonly UpstreamLimits JobService = new(Concurrency: 16);

    // 200 requests an hour are free; its 429 tells when they are used up.
    private static readonly UpstreamLimits PexelsApi = new(Concurrency: 2);

    // 100 requests a minute, by its documentation.
    private static readonly UpstreamLimits PixabayApi = new(Concurrency: 2, PerSecond: 100 / 60.0, Burst: 10);

    /// <summary>Registers every source of clips as an <see cref="IFootageSource"/>: the folder library, and those that the settings name, in the order in which they are asked.</summary>
    /// <param name="services">Of a silo.</param>
    /// <param name="settings">See <see cref="UpstreamSettings"/>; null: the library alone. yt-dlp needs an <see cref="IToolProcess"/> beside it.</param>
    /// <exception cref="SettingException">A setting that makes no sense.</exception>
    public static IServiceCollection AddFootageSources(this IServiceCollection services, IConfiguration? settings = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<FolderScan>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IFootageSource, FolderLibrary>());
        services.AddSingleton<SourceOrder>();
        List<string> names = settings is null ? [] : services.AddUpstreams().AddUpstreamSources(new UpstreamSettings(settings));
        services.AddSingleton(settings is null ? new() : FootagePreferences.Read(settings, [LibraryClip.Source, .. names]));
        return services;
    }

    /// <summary>Names of what was added.</summary>
    private static List<string> AddUpstreamSources(this IServiceCollection services, UpstreamSettings settings)
    {
        var names = new List<string>();
        if (settings.Read("YoutubeSearch", "youtube-search", JobService) is { } search && settings.Read("VideoDownloader", "video-downloader", JobService) is { } downloader)
        {
            names.Add(YoutubeSearchSource.SourceName);
            services.AddSource((clients, clock) => new YoutubeSearchSource(clients.For(search), clients.For(downloader), new(), clock));
        }

        if (settings.Text("Pexels:Key") is { } pexelsKey && settings.Read("Pexels", "pexels", PexelsApi, "https://api.pexels.com") is { } pexels)
        {
            names.Add(PexelsSource.SourceName);
            services.AddSource((clients, _) => new PexelsSource(clients.For(pexels), clients.For(Files(pexels)), pexelsKey));
        }

        if (settings.Text("Pixabay:Key") is { } pixabayKey && settings.Read("Pixabay", "pixabay", PixabayApi, "https://pixabay.com") is { } pixabay)
        {
            names.Add(PixabaySource.SourceName);
            services.AddSource((clients, _) => new PixabaySource(clients.For(pixabay), clients.For(Files(pixabay)), pixabayKey));
        }

        if (settings.Text("YtDlp:Path") is { } ytDlp)
        {
            names.Add(YtDlpSource.SourceName);
            services.AddSingleton<IFootageSource>(provider => new YtDlpSource(
                provider.GetRequiredService<IToolProcess>(), provider.GetRequiredService<IUpstreamGate>(), ytDlp, provider.GetRequiredService<TimeProvider>()));
        }

        return names;
    }

    private static UpstreamOptions Files(UpstreamOptions api) => api with { Name = api.Name + "-files", Limits = FileHost };

    private static void AddSource(this IServiceCollection services, Func<UpstreamClients, TimeProvider, IFootageSource> create) =>
        services.AddSingleton(provider => create(provider.GetRequiredService<UpstreamClients>(), provider.GetRequiredService<TimeProvider>()));
}
