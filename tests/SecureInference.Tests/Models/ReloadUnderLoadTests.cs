using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.Tests.Abstractions;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Models;

/// <summary>Callers do not notice that versions change.</summary>
public sealed class ReloadUnderLoadTests : IDisposable
{
    private const string Infer = "/v2/models/m/infer";

    private static readonly int Reloads = Environment.GetEnvironmentVariable("SECUREINFERENCE_SOAK") == "1" ? 100 : 10;

    private readonly TestFolder _folder = new();
    private readonly FileLoader _loader = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reload_UnderLoad_NoRequestFailsAndEveryOldVersionIsFreedOnceUnused()
    {
        await using var app = await StartAsync(width: 4);
        var catalog = app.Services.GetRequiredService<IModelCatalog>();
        var kept = app.Services.GetRequiredKeyedService<IModelRunner>("m");
        using var stop = new CancellationTokenSource();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(5));
        var answered = 0;
        var load = Task.WhenAll(
            Run(async () =>
            {
                using var answer = await app.Client.PostAsync(Infer, Body(4), CancellationToken.None);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }),
            Run(async () => await CatalogHarness.RunAsync(kept)));

        try
        {
            for (var reload = 0; reload < Reloads; reload++)
            {
                var seen = Volatile.Read(ref answered);
                Assert.Equal(ModelReloadOutcome.Reloaded, (await catalog.ReloadAsync("m", deadline.Token)).Outcome);
                await Eventually.TrueAsync(() => load.IsCompleted || Volatile.Read(ref answered) > seen + 4, deadline.Token);
            }
        }
        finally
        {
            await stop.CancelAsync();
        }

        await load;
        Assert.Equal(Reloads + 1, _loader.Loaded.Count);
        await Eventually.TrueAsync(() => _loader.Loaded.Take(Reloads).All(static engine => engine.Disposals == 1), TestContext.Current.CancellationToken);
        Assert.All(_loader.Loaded, static engine => Assert.Equal(0, engine.Wronged));

        Task Run(Func<Task> send) => Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await send();
                Interlocked.Increment(ref answered);
            }
        })));
    }

    [Fact]
    public async Task Reload_WhileABodyIsRead_TheRequestEndsWithTheSignatureThatItBeganWith()
    {
        await using var app = await StartAsync(width: 4);
        using var body = new SlowContent(await Body(4).ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        var request = app.Client.PostAsync(Infer, body, TestContext.Current.CancellationToken);
        await body.HalfWay;
        await Eventually.TrueAsync(() => app.Services.GetRequiredService<DrainState>().InFlight == 1, TestContext.Current.CancellationToken);
        await LeaseIsHeldAsync(app);

        Write(width: 5);
        await app.Services.GetRequiredService<IModelCatalog>().ReloadAsync("m", TestContext.Current.CancellationToken);
        using var narrow = await app.Client.PostAsync(Infer, Body(4), TestContext.Current.CancellationToken);
        using var wide = await app.Client.PostAsync(Infer, Body(5), TestContext.Current.CancellationToken);
        Assert.Equal(0, _loader.Loaded.First().Disposals);
        body.GoOn();
        using var answer = await request;

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.OK), (answer.StatusCode, narrow.StatusCode, wide.StatusCode));
        await Eventually.TrueAsync(() => _loader.Loaded.First().Disposals == 1, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Reload_WhileARequestIsRefused_ItsLeaseIsGivenBack()
    {
        await using var app = await StartAsync(width: 4);
        foreach (var (path, content) in new (string, HttpContent?)[]
        {
            (Infer, Body(7)), (Infer, new StringContent("no json", Encoding.UTF8, "application/json")), (Infer, new ByteArrayContent(new byte[1 << 20])),
            ("/v2/models/m", null), ("/v2/models/m/ready", null),
        })
        {
            using var answer = content is null ? await app.Client.GetAsync(path, TestContext.Current.CancellationToken) : await app.Client.PostAsync(path, content, TestContext.Current.CancellationToken);
        }

        await app.Services.GetRequiredService<IModelCatalog>().ReloadAsync("m", TestContext.Current.CancellationToken);

        await Eventually.TrueAsync(() => _loader.Loaded.First().Disposals == 1, TestContext.Current.CancellationToken);
    }

    // The body limit of the request is set when its lease was taken; a probe of the same connection would wait behind it.
    private static async Task LeaseIsHeldAsync(GuardedApp app)
    {
        using var answer = await app.Client.GetAsync("/v2/models/m", TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private static StringContent Body(int width) => new(
        $$"""{"inputs":[{"name":"x","shape":[1,{{width}}],"datatype":"FP32","data":[{{string.Join(',', Enumerable.Repeat("0.5", width))}}]}]}""", Encoding.UTF8, "application/json");

    private void Write(int width)
    {
        File.WriteAllText(_folder.File("new"), $"{width}");
        File.Move(_folder.File("new"), _folder.File("model.onnx"), overwrite: true);
    }

    private Task<GuardedApp> StartAsync(int width)
    {
        Write(width);
        return GuardedApp.StartAsync(builder =>
        {
            builder.Services.AddSingleton<IModelLoader>(_loader);
            builder.Services.AddSingleton(new ModelRegistration("m", new ModelOptions { Path = _folder.File("model.onnx"), PollInterval = TimeSpan.Zero }));
        });
    }

    /// <summary>Sends half of a body, and the rest when it is told to.</summary>
    private sealed class SlowContent(byte[] body) : HttpContent
    {
        private readonly TaskCompletionSource _halfWay = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task HalfWay => _halfWay.Task;

        public void GoOn() => _goOn.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(body.AsMemory(0, body.Length / 2));
            await stream.FlushAsync();
            _halfWay.TrySetResult();
            await _goOn.Task;
            await stream.WriteAsync(body.AsMemory(body.Length / 2));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = body.Length;
            return true;
        }
    }
}
