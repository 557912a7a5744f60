using SecureInference.Pipeline.Authentication.ApiKeys;

var builder = WebApplication.CreateBuilder(args);

// The section "SecureInference" of appsettings.json says which models are served, and under which limits.
builder.Services
    .AddSecureInference(builder.Configuration.GetSection("SecureInference"))
    .AddOnnxModels();

var app = builder.Build();

// The page is public; what it calls is not.
app.Use((http, next) =>
{
    http.Response.Headers.ContentSecurityPolicy = "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";
    http.Response.Headers.XContentTypeOptions = "nosniff";
    http.Response.Headers["Referrer-Policy"] = "no-referrer";
    return next(http);
});
app.UseFileServer();

app.UseSecureInference();
app.MapSecureInference();

// Where no key store is configured, an app in Development gets a key at each start.
app.Lifetime.ApplicationStarted.Register(() =>
{
    if (app.Services.GetRequiredService<DevelopmentKey>().Value is { } key)
    {
        Console.WriteLine($$"""

            Which digit is this?

              curl -s {{app.Urls.First()}}/v2/models/digits/infer -H 'x-api-key: {{key}}' -d '{"inputs":[{"name":"pixels","shape":[1,64],"datatype":"FP32","data":[
                0,1,9,16,16,12,1,0, 0,0,7,8,10,16,9,0, 0,0,0,0,9,16,4,0, 0,0,5,13,13,3,0,0,
                0,0,13,16,8,0,0,0, 0,0,0,11,16,8,0,0, 0,0,3,5,14,15,0,0, 0,0,10,16,11,4,0,0]}]}'

            (A 3: of the ten probabilities, the one for 3 is near 1.) Or draw one yourself:

              {{app.Urls.First()}}/#key={{key}}

            """);
    }
    else
    {
        Console.WriteLine($"The page: {app.Urls.First()} (it asks for a key of the store).");
    }
});

app.Run();
