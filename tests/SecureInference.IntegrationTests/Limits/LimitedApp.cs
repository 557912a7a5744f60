using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SecureInference.IntegrationTests.Samples;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Limits;

/// <summary>A guarded app on a real socket, whose clock the test turns; whatever an answer says of limits is read strictly.</summary>
internal sealed class LimitedApp : IAsyncDisposable
{
    public const string Infer = "/v2/models/fake/infer";
    private const int Columns = 4;

    private LimitedApp(GuardedApp app, FakeTimeProvider time)
    {
        App = app;
        Time = time;
    }

    public GuardedApp App { get; }

    public FakeTimeProvider Time { get; }

    /// <param name="settings">Of the section RateLimits, or others with a slash in front.</param>
    /// <param name="model">The model "fake".</param>
    /// <param name="options">Its options.</param>
    /// <param name="map">Adds endpoints.</param>
    public static async Task<LimitedApp> StartAsync(
        Dictionary<string, string> settings, FakeModel? model = null, ModelOptions? options = null, Action<WebApplication>? map = null)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(TimeProvider.System.GetUtcNow().Date.AddHours(12), TimeSpan.Zero));
        var app = await GuardedApp.StartAsync(
            guards => guards.Services
                .AddSingleton<IModelLoader>(model ?? FakeModel.Echo())
                .AddSingleton(new ModelRegistration("fake", options ?? new ModelOptions { Path = "fake" })),
            app =>
            {
                app.UseSecureInference();
                app.MapSecureInference();
                map?.Invoke(app);
            },
            settings.ToDictionary(static setting => setting.Key[0] == '/' ? setting.Key[1..] : $"RateLimits:{setting.Key}", static setting => (string?)setting.Value),
            services => services.AddSingleton<TimeProvider>(time));
        return new LimitedApp(app, time);
    }

    public static string Json(int rows) => InferBody.JsonText(
        "x", WireTensor.Of("x", "FP32", [rows, Columns], [.. Enumerable.Range(0, rows * Columns).Select(static value => (float)value)]));

    public static HttpContent Rows(int rows) => InferBody.Text(Json(rows));

    public async Task<(HttpResponseMessage Answer, LimitFields Limits)> PostAsync(HttpContent content, string path = Infer)
    {
        var answer = await App.Client.PostAsync(path, content, TestContext.Current.CancellationToken);
        var limits = LimitFields.Read(answer);
        Assert.NotNull(limits);
        return (answer, limits);
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
