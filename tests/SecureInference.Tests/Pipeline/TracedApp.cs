using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline;

/// <summary>An app with a model "digits", whose requests may be looked at when they are done.</summary>
internal static class TracedApp
{
    public const string Good = """{"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""";

    public static Task<GuardedApp> StartAsync(FakeModel? model = null, Action<InferenceContext>? done = null, params (string Name, string Value)[] settings)
    {
        var values = new Dictionary<string, string?> { ["Models:digits:Path"] = "d" };
        foreach (var (name, value) in settings)
        {
            values[name] = value;
        }

        return GuardedApp.StartAsync(
            builder => builder.Services.AddSingleton<IModelLoader>(model ?? FakeModel.Echo()),
            app =>
            {
                app.UseSecureInference(stages => stages.InsertAfter(InferenceStage.RateLimiting, async (http, next) =>
                {
                    await next(http);
                    done?.Invoke(InferenceContext.Get(http));
                }));
                app.MapSecureInference();
            },
            values);
    }

    public static async Task<(int Status, string Body)> InferAsync(GuardedApp app, string body = Good, string? traceparent = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/digits/infer") { Content = new StringContent(body) };
        if (traceparent is not null)
        {
            request.Headers.Add("traceparent", traceparent);
        }

        using var answer = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
