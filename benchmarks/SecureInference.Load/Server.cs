using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureInference.TestSupport;

namespace SecureInference.Load;

/// <summary>The server under load: all the guards, their audit log on, and one model. A process of its own, which ends with its input.</summary>
internal static class Server
{
    /// <summary>The one model's name.</summary>
    public const string Model = "net";

    /// <summary>More than any load takes: every request is counted, and none is refused.</summary>
    private const string Plenty = "1000000";

    private static readonly string[] Callers = ["load", "polite"];

    public static async Task<int> RunAsync(string model, string folder, string? maxBatchSize)
    {
        // What is written to the output is read by the program that started this one.
        using var rows = new RowCounter();
        TestKeys.AddPepper(folder);
        var keys = Callers.Select(owner => TestKeys.Add(Path.Combine(folder, "keys.json"), owner, [$"model:{Model}:infer"])).ToArray();
        await using var app = Build(model, folder, maxBatchSize);
        app.UseSecureInference();
        app.MapSecureInference();
        await app.StartAsync();
        Console.WriteLine($"{app.Urls.First()} {string.Join(' ', keys)}");
        while (await Console.In.ReadLineAsync() is not null)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows.Runs} {rows.Rows}"));
        }

        await app.StopAsync();
        return 0;
    }

    private static WebApplication Build(string model, string folder, string? maxBatchSize)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = folder });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["SecureInference:ApiKeys:Store"] = "keys.json",
            ["SecureInference:ApiKeys:PepperFile"] = TestKeys.PepperName,
            ["SecureInference:RateLimits:Default:TokenLimit"] = Plenty,
            ["SecureInference:RateLimits:Default:TokensPerPeriod"] = Plenty,
            ["SecureInference:Audit:Directory"] = "audit",
            [$"SecureInference:Models:{Model}:Path"] = model,
            [$"SecureInference:Models:{Model}:MaxQueueLength"] = "1000",
        });
        if (maxBatchSize is not null)
        {
            builder.Configuration[$"SecureInference:Models:{Model}:MaxBatchSize"] = maxBatchSize;
        }

        builder.Services.AddSecureInference(builder.Configuration.GetSection("SecureInference")).AddOnnxModels();
        return builder.Build();
    }
}
