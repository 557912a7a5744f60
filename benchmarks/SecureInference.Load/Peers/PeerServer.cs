using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace SecureInference.Load.Peers;

/// <summary>Runs one of the servers in a process of its own, which ends with its input. Each line of input is answered with what the process has used so far.</summary>
internal static class PeerServer
{
    public const string Model = "digits";

    /// <summary>The key of a server that has none of its own.</summary>
    public const string SomeKey = "si_live_000000000000_0000000000000000000000000000000000000000000000000";

    public static async Task<int> RunAsync(PeerSetup setup, string folder)
    {
        Directory.CreateDirectory(folder);
        var (app, key) = Build(setup, folder);
        await using (app)
        {
            await app.StartAsync();
            Console.WriteLine($"{app.Urls.First()} {key}");
            while (await Console.In.ReadLineAsync() is not null)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.CpuUsage.TotalTime.TotalMicroseconds} {GC.GetTotalAllocatedBytes(precise: true)}"));
            }

            await app.StopAsync();
        }

        return 0;
    }

    /// <summary>Settles what all servers have in common.</summary>
    public static WebApplicationBuilder Prepare(WebApplicationBuilder builder)
    {
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(static kestrel => kestrel.AddServerHeader = false);
        builder.Logging.ClearProviders().AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        return builder;
    }

    public static string ModelPath => Path.Combine(AppContext.BaseDirectory, "digits.onnx");

    private static (WebApplication App, string Key) Build(PeerSetup setup, string folder) => setup.Kind switch
    {
        PeerKind.Bare => (BarePeer.Build(), SomeKey),
        PeerKind.Lean => (LeanPeer.Build(), SomeKey),
        PeerKind.Floor => (FloorPeer.Build(), SomeKey),
        PeerKind.Hand => (HandPeer.Build(folder), SomeKey),
        PeerKind.OursOpen => (OurPeer.BuildOpen(folder), SomeKey),
        _ => OurPeer.Build(setup, folder),
    };
}
