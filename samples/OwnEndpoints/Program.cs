using SecureInference;
using SecureInference.Pipeline.Authentication.ApiKeys;

var builder = WebApplication.CreateBuilder(args);

// Configured in code: no section, one model. Without a key store, an app in Development makes a key at each start.
builder.Services
    .AddSecureInference(options =>
    {
        options.RateLimits.Default.TokensPerPeriod = 10;
        options.ApiKeys.Store = builder.Configuration["KeyStore"];
    })
    .AddOnnxModel("digits", Path.Combine(AppContext.BaseDirectory, "models", "digits.onnx"));

var app = builder.Build();

// A stage of the team's own, between two guards: it knows the caller, and the caller's rights are checked after it.
app.UseSecureInference(guards => guards.InsertAfter(InferenceStage.Authentication, (http, next) =>
{
    http.Response.Headers["x-credential-id"] = InferenceContext.Get(http).Caller?.CredentialId;
    return next(http);
}));

// A team's own endpoint, in its own words, behind the same guards.
app.MapPost("/read-digit", async (Drawing drawing, [FromKeyedServices("digits")] IModelRunner digits, CancellationToken cancelled) =>
{
    // As many as were sent: the model's signature says how many there must be.
    var pixels = drawing.Pixels ?? [];
    using var request = new InferenceRequest(Tensor.Create<float>("pixels", [1, pixels.Length], pixels));
    using var answer = await digits.RunAsync(request, cancelled);
    if (!answer.IsSuccess)
    {
        return Results.Problem(answer.Error.Detail, statusCode: answer.Error.Status);
    }

    var probabilities = answer.Outputs[0].GetValues<float>().ToArray();
    var digit = Array.IndexOf(probabilities, probabilities.Max());
    return Results.Ok(new Reading(digit, probabilities[digit]));
}).RequireInferenceGuards("digits", operation: "infer");

// Not guarded, and so neither limited nor recorded.
app.MapGet("/", () => "POST 64 pixels to /read-digit");

app.Lifetime.ApplicationStarted.Register(() =>
{
    if (app.Services.GetRequiredService<DevelopmentKey>().Value is { } key)
    {
        Console.WriteLine($$"""

              curl -s {{app.Urls.First()}}/read-digit -H 'x-api-key: {{key}}' -H 'content-type: application/json' -d '{"pixels":[
                0,1,9,16,16,12,1,0, 0,0,7,8,10,16,9,0, 0,0,0,0,9,16,4,0, 0,0,5,13,13,3,0,0,
                0,0,13,16,8,0,0,0, 0,0,0,11,16,8,0,0, 0,0,3,5,14,15,0,0, 0,0,10,16,11,4,0,0]}'

            """);
    }
});

app.Run();

internal sealed record Drawing(float[]? Pixels);

internal sealed record Reading(int Digit, float Probability);
