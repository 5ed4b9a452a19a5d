using System.Net;
using System.Text.Json.Nodes;
using MakeVideo.Gateway.Jobs;
using MakeVideo.Gateway.Problems;

namespace MakeVideo.UnitTests.Gateway;

public sealed class ProblemPageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_code_is_listed_once_with_what_to_do()
    {
        var codes = ProblemTests.Codes.Select(row => row.Data).Order(StringComparer.Ordinal);

        Assert.Equal(codes, ProblemCatalog.All.Select(entry => entry.Code).Order(StringComparer.Ordinal));
        Assert.All(ProblemCatalog.All, entry => Assert.True(entry.Meaning.EndsWith('.') && entry.Remedy.EndsWith('.'), entry.Code));
    }

    [Fact]
    public async Task A_problems_type_leads_to_a_page_for_people_and_to_json_for_programs()
    {
        await using var server = await GatewayServer.StartAsync();
        var problem = await ProblemAssert.IsAsync(await server.GetAsync($"/jobs/{Samples.Id}"), HttpStatusCode.NotFound, "job_not_found");
        var type = (string)problem["type"]!;

        var page = await AskAsync(server, type, "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("<code>job_not_found</code>", await page.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);

        var json = JsonNode.Parse(await (await AskAsync(server, type, "*/*")).Content.ReadAsStringAsync(Cancellation))!;
        Assert.Equal(("job_not_found", 404), ((string?)json["code"], (int?)json["status"]));
        var all = JsonNode.Parse(await (await AskAsync(server, "/problems", "application/json")).Content.ReadAsStringAsync(Cancellation))!.AsArray();
        Assert.Equal(ProblemCatalog.All.Count, all.Count);
        await ProblemAssert.IsAsync(await server.GetAsync("/problems/nonesuch"), HttpStatusCode.NotFound, HttpCodes.NotFound);
    }

    [Theory]
    [InlineData("aspekt_ratio", "aspect_ratio")]
    [InlineData("max_short", "max_shorts")]
    [InlineData("Query", "query")]
    [InlineData("audio", "audio_file")]
    [InlineData("language", "There are: any_clip, ")]
    [InlineData("x", "There are: any_clip, ")]
    public void A_misspelt_field_is_told_the_nearest(string name, string nearest)
    {
        var refusal = FieldNames.Refusal(name, FieldNames.OfForm);

        Assert.Equal(HttpCodes.UnknownField, refusal?.Code);
        Assert.Contains(nearest, refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_with_a_misspelt_field_is_refused_whole_though_it_is_a_file()
    {
        await using var server = await GatewayServer.StartAsync();

        foreach (var (field, content) in new (string, HttpContent)[] { ("aspect", new StringContent("1:1")), ("audio", new ByteArrayContent(Samples.Wav(50_000))) })
        {
            var answer = await server.PostAsync(new MultipartFormDataContent { { new StringContent("ocean"), "query" }, { content, field, "song.wav" } });
            await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, HttpCodes.UnknownField);
        }

        Assert.Empty(server.Uploads);
    }

    private static Task<HttpResponseMessage> AskAsync(GatewayServer server, string path, string accept)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return server.Client.SendAsync(request, Cancellation);
    }
}
