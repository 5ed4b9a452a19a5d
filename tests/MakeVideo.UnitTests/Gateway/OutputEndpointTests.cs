using System.Net;
using System.Net.Http.Headers;
using System.Text;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Problems;

namespace MakeVideo.UnitTests.Gateway;

public sealed class OutputEndpointTests
{
    private static readonly byte[] Video = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 31))];

    [Fact]
    public async Task The_video_comes_whole_with_its_name_size_and_hash()
    {
        await using var server = await CompletedAsync();

        var response = await server.GetAsync($"/download/{Samples.Id}");

        Assert.Equal(Video, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal("video/mp4", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal($"{Samples.Id}.mp4", response.Content.Headers.ContentDisposition?.FileName);
        Assert.Equal("\"c0ffee\"", response.Headers.ETag?.Tag);
        Assert.Equal("bytes", response.Headers.AcceptRanges.Single());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Theory]
    [InlineData("bytes=0-9", 0, 10)]
    [InlineData("bytes=99990-", 99_990, 10)]
    [InlineData("bytes=-5", 99_995, 5)]
    [InlineData("bytes=99999-200000", 99_999, 1)]
    public async Task A_range_is_that_part_of_it(string range, int from, int length)
    {
        await using var server = await CompletedAsync();

        var response = await SendAsync(server, HttpMethod.Get, request => request.Headers.Range = RangeHeaderValue.Parse(range));

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(Video[from..(from + length)], await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal($"bytes {from}-{from + length - 1}/{Video.Length}", response.Content.Headers.ContentRange?.ToString());
    }

    [Fact]
    public async Task A_download_goes_on_only_if_the_video_is_the_same()
    {
        await using var server = await CompletedAsync();

        var same = await SendAsync(server, HttpMethod.Get, request => (request.Headers.Range, request.Headers.IfRange) = (new(5, 6), new(new EntityTagHeaderValue("\"c0ffee\""))));
        var other = await SendAsync(server, HttpMethod.Get, request => (request.Headers.Range, request.Headers.IfRange) = (new(5, 6), new(new EntityTagHeaderValue("\"0ther\""))));
        var known = await SendAsync(server, HttpMethod.Get, request => request.Headers.IfNoneMatch.Add(new("\"c0ffee\"")));

        Assert.Equal((HttpStatusCode.PartialContent, HttpStatusCode.OK, HttpStatusCode.NotModified), (same.StatusCode, other.StatusCode, known.StatusCode));
    }

    [Fact]
    public async Task A_thousand_ranges_cost_no_more_than_the_video()
    {
        await using var server = await CompletedAsync();

        var response = await SendAsync(server, HttpMethod.Get, request => request.Headers.TryAddWithoutValidation("Range", "bytes=" + string.Join(',', Enumerable.Repeat("0-99999", 1000))));

        Assert.True(response.Content.Headers.ContentLength <= Video.Length, $"{response.StatusCode} {response.Content.Headers.ContentLength}");
    }

    [Fact]
    public async Task A_range_beyond_the_end_is_refused()
    {
        await using var server = await CompletedAsync();

        var response = await SendAsync(server, HttpMethod.Get, request => request.Headers.Range = new(200_000, null));

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
    }

    [Fact]
    public async Task Head_tells_the_size_and_sends_nothing()
    {
        await using var server = await CompletedAsync();

        var response = await SendAsync(server, HttpMethod.Head, _ => { });

        Assert.Equal((HttpStatusCode.OK, Video.Length), (response.StatusCode, (int)response.Content.Headers.ContentLength!));
    }

    [Fact]
    public async Task Subtitles_come_as_subrip_in_utf8()
    {
        await using var server = await CompletedAsync();

        var response = await server.GetAsync($"/jobs/{Samples.Id}/subtitles?format=srt");

        Assert.Equal("application/x-subrip; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Contains("Olá", Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)), StringComparison.Ordinal);
        await ProblemAssert.IsAsync(await server.GetAsync($"/jobs/{Samples.Id}/subtitles?format=vtt"), HttpStatusCode.UnprocessableEntity, FailureCodes.OptionUnknown);
    }

    [Theory]
    [InlineData(JobStatus.Queued, true)]
    [InlineData(JobStatus.AssemblingVideo, true)]
    [InlineData(JobStatus.Parked, true)]
    [InlineData(JobStatus.Failed, false)]
    [InlineData(JobStatus.Cancelled, false)]
    public async Task What_is_not_completed_has_no_output(JobStatus status, bool retryable)
    {
        await using var server = await CompletedAsync();
        server.Cluster.Jobs[Samples.Id] = Samples.Failed() with { Status = status };

        foreach (var path in new[] { $"/download/{Samples.Id}", $"/jobs/{Samples.Id}/subtitles" })
        {
            var problem = await ProblemAssert.IsAsync(await server.GetAsync(path), HttpStatusCode.Conflict, FailureCodes.JobNotCompleted);
            Assert.Equal(retryable, (bool)problem["retryable"]!);
        }
    }

    [Fact]
    public async Task A_completed_job_whose_file_is_gone_says_so()
    {
        await using var server = await CompletedAsync();
        File.Delete(server.Data.Video(Samples.Id, 0));

        await ProblemAssert.IsAsync(await server.GetAsync($"/download/{Samples.Id}"), HttpStatusCode.Gone, HttpCodes.OutputGone);
    }

    private static async Task<GatewayServer> CompletedAsync()
    {
        var server = await GatewayServer.StartAsync();
        server.Cluster.Jobs[Samples.Id] = Samples.Completed();
        Directory.CreateDirectory(server.Data.Published(Samples.Id));
        await File.WriteAllBytesAsync(server.Data.Video(Samples.Id, 0), Video, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(server.Data.Subtitles(Samples.Id, 0), "1\n00:00:00,000 --> 00:00:01,000\nOlá\n", TestContext.Current.CancellationToken);
        return server;
    }

    private static Task<HttpResponseMessage> SendAsync(GatewayServer server, HttpMethod method, Action<HttpRequestMessage> prepare)
    {
        var request = new HttpRequestMessage(method, $"/download/{Samples.Id}");
        prepare(request);
        return server.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
