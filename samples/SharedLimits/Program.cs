using SecureInference.Pipeline.Authentication.ApiKeys;

var builder = WebApplication.CreateBuilder(args);

// The section "SecureInference" says where Redis is and how many nodes there are. Every node runs this same program.
builder.Services.AddSecureInference().AddRedis();

var app = builder.Build();
app.UseSecureInference();

// An endpoint of the team's own, without any model of ours: what it does is a right on "greeter", and each call costs a token wherever it is answered.
app.MapGet("/greeting", () => "Hello from process " + Environment.ProcessId).RequireInferenceGuards("greeter", operation: "infer");
app.MapHealthChecks("/health");

app.Lifetime.ApplicationStarted.Register(() =>
{
    if (app.Services.GetRequiredService<DevelopmentKey>().Value is { } key)
    {
        Console.WriteLine($"{Environment.NewLine}  curl -i {app.Urls.First()}/greeting -H 'x-api-key: {key}'{Environment.NewLine}");
    }
});

app.Run();
