using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Attacks;

/// <summary>A guarded app with one model, "fake", and requests that it answers with 200.</summary>
internal static class EchoApp
{
    public const string InferPath = "/v2/models/fake/infer";
    public const string Body = """{"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""";

    /// <summary>Longer than anything here takes on a busy machine; a test that waits so long has failed.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static Task<GuardedApp> StartAsync(
        FakeModel model,
        Action<WebApplication>? use = null,
        IReadOnlyDictionary<string, string?>? settings = null,
        Action<IServiceCollection>? services = null,
        Action<ModelOptions>? configure = null) =>
        GuardedApp.StartAsync(guards => Add(guards, model, configure), use, settings, services);

    public static void Add(ISecureInferenceBuilder guards, FakeModel model, Action<ModelOptions>? configure = null, string name = "fake")
    {
        var options = new ModelOptions { Path = "fake" };
        configure?.Invoke(options);
        guards.Services.AddSingleton<IModelLoader>(model);
        guards.Services.AddSingleton(new ModelRegistration(name, options));
    }

    public static StringContent Content() => new(Body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    /// <summary>Adds a key to a running app, and waits until it is known there.</summary>
    public static Task<string> AddKeyAsync(GuardedApp app, string owner, IReadOnlyList<string> scopes, CancellationToken cancellationToken) =>
        AddKeyAsync(app, owner, scopes, app.Stranger, cancellationToken);

    /// <summary>Adds a key to a running app, and waits until it is known there to who asks by a client of its own.</summary>
    public static async Task<string> AddKeyAsync(
        GuardedApp app, string owner, IReadOnlyList<string> scopes, HttpClient stranger, CancellationToken cancellationToken)
    {
        var key = TestKeys.Add(app.StorePath, owner, scopes);
        await UntilAsync(
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/v2");
                request.Headers.Add("x-api-key", key);
                using var response = await stranger.SendAsync(request, cancellationToken);
                return response.StatusCode == HttpStatusCode.OK;
            },
            cancellationToken);
        return key;
    }

    /// <summary>Asks again until the answer is yes.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
        }
    }
}
