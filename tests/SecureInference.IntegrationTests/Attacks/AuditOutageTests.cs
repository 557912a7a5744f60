using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.Pipeline.Auditing;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Attacks;

/// <summary>A log that cannot be written: requests are refused, none runs unrecorded, and it goes on by itself.</summary>
public sealed class AuditOutageTests
{
    private const int Capacity = 8;
    private static readonly Dictionary<string, string?> Settings = new() { ["Audit:QueueCapacity"] = $"{Capacity}" };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Infer_SinkDoesNotTakeRecords_IsRefusedUntilItDoes(bool fails)
    {
        var sink = new StubbornSink(fails);
        var model = FakeModel.Echo();
        await using var app = await GuardedApp.StartAsync(
            guards =>
            {
                EchoApp.Add(guards, model);
                guards.Services.AddSingleton<IAuditSink>(sink);
            },
            settings: Settings);

        var answers = new List<HttpResponseMessage>();
        for (var index = 0; index < 2 * Capacity; index++)
        {
            answers.Add(await InferAsync(app));
        }

        var runsWhileBlocked = model.Runs;
        sink.Open();
        await EchoApp.UntilAsync(
            async () =>
            {
                answers.Add(await InferAsync(app));
                return answers[^1].StatusCode == HttpStatusCode.OK;
            },
            TestContext.Current.CancellationToken);

        Assert.Equal(Capacity / 2, runsWhileBlocked);
        var refused = answers.Where(static answer => answer.StatusCode != HttpStatusCode.OK).ToArray();
        Assert.All(refused, static answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode));
        Assert.All(refused, static answer => Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta));
        Assert.Equal(answers.Count - refused.Length, model.Runs);
        AssertWhole(await app.StopAndReadAuditAsync(), model.Runs, refused.Length);
    }

    [Fact]
    public async Task Health_SinkDoesNotTakeRecords_Answers()
    {
        var sink = new StubbornSink(fails: false);
        await using var app = await GuardedApp.StartAsync(
            guards =>
            {
                EchoApp.Add(guards, FakeModel.Echo());
                guards.Services.AddSingleton<IAuditSink>(sink);
            },
            settings: Settings);
        for (var index = 0; index < Capacity; index++)
        {
            (await InferAsync(app)).Dispose();
        }

        using var response = await app.Stranger.GetAsync("/v2/health/live", TestContext.Current.CancellationToken);

        response.EnsureSuccessStatusCode();
        sink.Open();
    }

    [Fact]
    public async Task Start_AuditFolderCannotBeMade_SaysWhatToDo()
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder.File("taken"), "a file, not a folder", TestContext.Current.CancellationToken);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => EchoApp.StartAsync(
            FakeModel.Echo(), settings: new Dictionary<string, string?> { ["Audit:Directory"] = folder.File("taken/audit") }));

        Assert.Contains("SecureInference:Audit:Directory", exception.Message, StringComparison.Ordinal);
        Assert.Contains("writable", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AuditFolderIsReadOnly_SaysWhatToDo()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("Windows has no such modes, and a privileged process may write everywhere.");
            return;
        }

        using var folder = new TestFolder();
        var locked = Directory.CreateDirectory(folder.File("locked"), UnixFileMode.UserRead | UnixFileMode.UserExecute).FullName;

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => EchoApp.StartAsync(
            FakeModel.Echo(), settings: new Dictionary<string, string?> { ["Audit:Directory"] = locked }));

        Assert.Contains("SecureInference:Audit:Directory", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AuditFolderOfAnotherApp_SaysWhatToDo()
    {
        await using var app = await EchoApp.StartAsync(FakeModel.Echo());

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => EchoApp.StartAsync(
            FakeModel.Echo(), settings: new Dictionary<string, string?> { ["Audit:Directory"] = app.AuditFolder }));

        Assert.Contains("give each process a folder of its own", exception.Message, StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> InferAsync(GuardedApp app) =>
        app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);

    /// <summary>Every run has its decision and its outcome, once; every refusal has both, or is counted in a gap.</summary>
    private static void AssertWhole(IReadOnlyList<JsonElement> records, int runs, int refusals)
    {
        string Text(JsonElement record, string name) => record.TryGetProperty(name, out var value) ? value.ToString() : "";
        var requests = records.Where(record => Text(record, "kind") is "decision" or "outcome").GroupBy(record => Text(record, "requestId")).ToArray();
        Assert.All(requests, request => Assert.Equal(["decision", "outcome"], request.Select(record => Text(record, "kind"))));
        Assert.Equal(runs, requests.Count(request => Text(request.First(), "decision") == "allow" && Text(request.Last(), "status") == "200"));
        Assert.Equal(runs, requests.Count(request => Text(request.First(), "decision") == "allow"));
        var lost = records.Where(record => Text(record, "kind") == "gap").Sum(static record => record.GetProperty("count").GetInt64());
        Assert.Equal(2 * (runs + refusals), (2 * requests.Length) + lost);
    }

    private sealed class StubbornSink(bool fails) : IAuditSink
    {
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Open() => _open.TrySetResult();

        public void Write(ReadOnlySpan<AuditRecord> records)
        {
            if (fails && !_open.Task.IsCompleted)
            {
                throw new IOException("There is no space left on the device.");
            }

            _open.Task.GetAwaiter().GetResult();
        }
    }
}
