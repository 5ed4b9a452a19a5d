using System.Collections.Immutable;
using System.Text.Json;
using MakeVideo.Contracts;
using MakeVideo.Grains.Budgets;
using MakeVideo.Grains.Clips;
using MakeVideo.Grains.Cluster;
using MakeVideo.Grains.Jobs;
using MakeVideo.Grains.Transcripts;
using MakeVideo.Grains.Upstreams;

namespace MakeVideo.UnitTests.Grains;

public sealed class PersistedStateTests
{
    private static readonly JsonSerializerOptions Json = Options();
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly ClipCandidate Candidate = new("library", "9c2fb75b052c160f", "/clips/city.mp4", "city", "Jane Doe");

    public static TheoryData<string, object> States => new()
    {
        { "job_record", new JobRecord { Request = new() { JobId = "0123456789ABCDEFGHIJKL", AudioSha256 = "abc", Query = "city", Aspect = AspectRatio.Square1x1, CreatedAt = Noon }, Audio = new(11, "flac", 44100, 2) } },
        { "job_plan", new JobPlan { Audio = new(176_000, -12.5, -2.1), Frames = 360, Candidates = [Candidate], Searches = [new() { Source = "library", Pages = 1, Ended = true }, new() { Source = "pexels", Next = "2", Pages = 1 }], Timeline = [new(0, 30, 120)], Chosen = [new(0, 640, 480, 29.97)], LoopedFrames = 7 } },
        {
            "job_progress", new JobProgress
            {
                Status = JobStatus.AssemblingVideo, Epoch = 2, Silo = "S1", Percent = 41.5, Clips = "ddAw", Segments = "dr.", UpdatedAt = Noon,
                Stages = [new() { Status = StageStatus.Completed, StartedAt = Noon, EndedAt = Noon.AddSeconds(1), Facts = [new("spans", 4, null), new("language", null, "en")] }],
                Failure = new(FailureCodes.RenderFailed, JobStage.AssemblingVideo, "It broke.", true),
            }
        },
        {
            "job_progress_recovered", new JobProgress
            {
                Status = JobStatus.Parked, Epoch = 3, SiloName = "s2", LeftBy = "s1", Percent = 62, Clips = "dd", Segments = "drw", UpdatedAt = Noon, SecondsWorked = 12.5,
                Parked = new(FailureCodes.DiskFull, "Waits for space.", Noon.AddSeconds(15)), Crashes = [new(Noon, "s1", "segment 3")],
                Recoveries = [new() { Epoch = 3, Cause = WakeCause.SiloLost, FromSilo = "s1", ToSilo = "s2", At = Noon, SecondsWithoutProgress = 4.2, ItemsReused = 4, ItemsRedone = 1, SecondsSaved = 11 }],
            }
        },
        {
            "job_progress_budgeted", new JobProgress
            {
                Status = JobStatus.AssemblingVideo, Epoch = 2, Silo = "S1", Percent = 41.5, UpdatedAt = Noon,
                Stages = [new() { Status = StageStatus.Completed, StartedAt = Noon, EndedAt = Noon.AddSeconds(1) }, new() { Status = StageStatus.InProgress, StartedAt = Noon, Time = new() { Seconds = 180, Spent = 62.5, Overruns = 1 } }],
            }
        },
        { "pace", new PaceState { Paces = new() { ["assembling_video/fast"] = new(0.021, 17), ["bytes/fast"] = new(9000, 17) } } },
        {
            "job_progress_completed", new JobProgress
            {
                Status = JobStatus.Completed, Epoch = 1, Percent = 100, UpdatedAt = Noon, CompletedAt = Noon,
                Result = new()
                {
                    FileSize = 1234, Duration = 12, Format = OutputFormat.For(AspectRatio.Portrait9x16, Quality.Preview), Sha256 = "abc", Frames = 360,
                    Shorts = [new("9c2fb75b052c160f", 4, "city", 0, 640, 480, 29.97, "Jane Doe")], SubtitleSegments = 5, ProcessingSeconds = 7.5, SegmentsRendered = 3, Epoch = 1,
                },
            }
        },
        { "clip_rejected", new ClipState { Rejection = new(FailureCodes.ClipCorrupt, JobStage.DownloadingShorts, "It is damaged."), ExpiresAt = Noon } },
        {
            "clip_with_text", new ClipState
            {
                Rejection = new(FailureCodes.ClipHasText, JobStage.DownloadingShorts, "It has text."), ExpiresAt = Noon, Candidate = Candidate,
                Text = new(0.87, 24, false, true, [new(1.33, 0.1, 0.8, 0.75, 0.05, 0.91)]), Ruling = ClipRuling.Accepted,
            }
        },
        { "clip", new ClipState { Clip = new(Candidate, "/data/clips/library/9c", "abc", 1234, new(640, 480, 2.5, 29.97, "h264", "yuv420p")), ExpiresAt = Noon } },
        { "submission", new SubmissionState { JobId = "0123456789ABCDEFGHIJKL", Fingerprint = "abc", Accepted = true, ExpiresAt = Noon } },
        { "submission_batch", new SubmissionState { Answer = """[{"index":0,"status":202}]""", Fingerprint = "abc", ExpiresAt = Noon } },
        { "job_record_owned", new JobRecord { Request = new() { JobId = "0123456789ABCDEFGHIJKL", AudioSha256 = "abc", Query = "city", CreatedAt = Noon, Owner = "ann" }, Audio = new(11, "flac", 44100, 2) } },
        { "upstream", new UpstreamRecord { Memory = new(10, Noon.AddSeconds(60), Noon.AddSeconds(30)) } },
        { "transcript_dated", new TranscriptState { Audio = new(176_000, -12.5, -2.1), Transcript = new("en", "openai", [new("Hello,", 0.25, 0.75)], [new(0.2, 0.8)]), HeardAt = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero) } },
        { "transcript", new TranscriptState { Audio = new(176_000, -12.5, -2.1), Transcript = new("en", "moonshine-tiny-en", [new("Hello,", 0.25, 0.75)], [new(0.2, 0.8)]) } },
    };

    [Theory]
    [MemberData(nameof(States))]
    public void A_state_is_written_as_it_always_was_and_read_back_the_same(string name, object state)
    {
        var written = JsonSerializer.Serialize(state, state.GetType(), Json);

        Golden.Match(written, $"{name}.json");
        Assert.Equal(written, JsonSerializer.Serialize(JsonSerializer.Deserialize(written, state.GetType(), Json), state.GetType(), Json));
    }

    [Fact]
    public void What_a_newer_version_wrote_survives_a_rewrite()
    {
        const string Newer = """{"version":3,"status":"queued","epoch":4,"mood":{"calm":true}}""";

        var state = JsonSerializer.Deserialize<JobProgress>(Newer, Json)!;
        state.Epoch++;
        using var rewritten = JsonDocument.Parse(JsonSerializer.Serialize(state, Json));

        Assert.Equal(3, rewritten.RootElement.GetProperty("version").GetInt32());
        Assert.True(rewritten.RootElement.GetProperty("mood").GetProperty("calm").GetBoolean());
    }

    [Fact]
    public void What_the_first_version_wrote_is_read_with_what_it_did_not_know_left_empty()
    {
        const string First = """{"version":1,"status":"assembling_video","epoch":2,"silo":"S1","percent":41.5,"stages":[{"status":"completed","facts":[]}],"clips":"dA","segments":"d.","updated_at":"2026-11-24T12:00:00+00:00"}""";

        var state = JsonSerializer.Deserialize<JobProgress>(First, Json)!;

        Assert.Equal((JobStatus.AssemblingVideo, 2, "S1", "dA", "d."), (state.Status, state.Epoch, state.Silo, state.Clips, state.Segments));
        Assert.Equal((null, null, null, 0, 0), (state.SiloName, state.LeftBy, state.Parked, state.Crashes.Count, state.Recoveries.Count));
    }

    [Fact]
    public void A_plan_from_when_there_was_one_source_is_read_on_where_it_stood()
    {
        const string First = """{"version":1,"frames":360,"candidates":[{"source":"library","id":"a","locator":"/a","title":"a"}],"next_page":"50","search_ended":false,"looped_frames":0}""";

        var plan = JsonSerializer.Deserialize<JobPlan>(First, Json)!;

        Assert.Equal(("50", 1, false), plan.SearchOf("library") is var library ? (library.Next, library.Pages, library.Ended) : default);
        Assert.Equal((null, 0, false), plan.SearchOf("pexels") is var pexels ? (pexels.Next, pexels.Pages, pexels.Ended) : default);
        Assert.Equal(2, plan.Searches.Count);
    }

    [Theory]
    [InlineData("{\"version\":1,")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{\"status\":\"dreaming\"}")]
    [InlineData("{\"status\":3}")]
    [InlineData("{\"epoch\":\"two\"}")]
    public void Bytes_that_are_no_state_are_told_instead_of_read_as_an_empty_one(string stored)
    {
        var state = new StateSerializer().Deserialize<JobProgress>(new(stored));

        Assert.False(string.IsNullOrEmpty(state.Corruption));
    }

    [Fact]
    public void The_hot_state_of_an_hours_job_stays_under_eight_kilobytes()
    {
        var state = new JobProgress
        {
            Clips = new string('d', 500), Segments = new string('d', 1200),
            Stages = [.. Enum.GetValues<JobStage>().Select(_ => new StageProgress { StartedAt = Noon, EndedAt = Noon, Time = new() { Seconds = 1800.25, Spent = 1234.5678901, Overruns = 2 }, Facts = [.. Enumerable.Range(0, 6).Select(i => new StageFact($"fact_number_{i}", i, null))] })],
        };

        Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(state, Json).Length, 1700, 8192);
    }

    [Fact]
    public void Item_codes_read_back_what_they_were_given()
    {
        Assert.Equal((ItemStatus.Rejected, FailureCodes.ClipCorrupt), ItemCodes.Read(ItemCodes.OfRejection(FailureCodes.ClipCorrupt)));
        Assert.Equal(ItemStatus.Rejected, ItemCodes.Read(ItemCodes.OfRejection("a code of tomorrow")).Status);
        Assert.Equal("..d", ItemCodes.With("", 2, ItemCodes.Done));
        Assert.Equal(ItemStatus.Waiting, ItemCodes.Read('?').Status);
    }

    private static JsonSerializerOptions Options()
    {
        var options = new JsonSerializerOptions { WriteIndented = true };
        StateJson.Configure(options);
        return options;
    }
}
