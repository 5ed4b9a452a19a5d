using System.Diagnostics;
using System.Globalization;
using MakeVideo.Contracts;

namespace MakeVideo.EndToEndTests.Captions;

/// <summary>Draws captions over black with the real ffmpeg and libass.</summary>
internal sealed class CaptionRender : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly string folder = Directory.CreateTempSubdirectory("makevideo-captions-").FullName;

    /// <summary>Hash of each frame.</summary>
    /// <param name="before">Filters before the captions; a time base for instance.</param>
    public async Task<string[]> HashesAsync(string ass, OutputFormat format, int frames, string before, CancellationToken cancellation)
    {
        var output = await RunAsync(ass, format, frames, before, ["-f", "framemd5", "-"], cancellation);
        return [.. System.Text.Encoding.ASCII.GetString(output).Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(',')[^1].Trim())];
    }

    /// <summary>Brightness of each pixel, frame by frame, row by row.</summary>
    public Task<byte[]> LumaAsync(string ass, OutputFormat format, int frames, CancellationToken cancellation) =>
        RunAsync(ass, format, frames, "null", ["-pix_fmt", "gray", "-f", "rawvideo", "-"], cancellation);

    /// <summary>The red of each pixel, from 8-bit RGB throughout: white and yellow are alike in it, to the edge.</summary>
    public async Task<byte[]> RedAsync(string ass, OutputFormat format, int frames, CancellationToken cancellation)
    {
        var pixels = await RunAsync(ass, format, frames, "format=rgb24", ["-pix_fmt", "rgb24", "-f", "rawvideo", "-"], cancellation);
        return [.. pixels.Where((_, index) => index % 3 == 0)];
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task<byte[]> RunAsync(string ass, OutputFormat format, int frames, string before, string[] output, CancellationToken cancellation)
    {
        var file = Path.Combine(folder, "captions.ass");
        await File.WriteAllTextAsync(file, ass, cancellation);
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        string[] arguments =
        [
            "-nostdin", "-v", "error", "-f", "lavfi", "-i", string.Create(CultureInfo.InvariantCulture, $"color=black:s={format.Width}x{format.Height}:r={format.FramesPerSecond},format=yuv420p"),
            "-vf", $"{before},ass=captions.ass", "-frames:v", frames.ToString(CultureInfo.InvariantCulture), .. output,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Deadline);
        using var process = Process.Start(start)!;
        await using var stop = limit.Token.Register(() => process.Kill(entireProcessTree: true));
        using var bytes = new MemoryStream();
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.StandardOutput.BaseStream.CopyToAsync(bytes, limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode == 0 ? bytes.ToArray() : throw new InvalidOperationException($"ffmpeg: {await errors}");
    }
}
