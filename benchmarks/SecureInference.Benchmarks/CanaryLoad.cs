using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using SecureInference.Onnx;

namespace SecureInference.Benchmarks;

/// <summary>How long does a load take with a trial in a process of its own before it, and without, and how little memory may the trial have?</summary>
internal static class CanaryLoad
{
    private const int Mebibyte = 1 << 20;

    public static async Task<int> RunAsync(string mebibytes, string rounds)
    {
        using var model = await LargeModel.CreateAsync(long.Parse(mebibytes, CultureInfo.InvariantCulture) * Mebibyte);
        await LoadAsync(model, canary: false); // Compiles what is measured.
        await LoadAsync(model, canary: true);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"model {model.Length / Mebibyte} MiB"));
        Console.WriteLine("round | without s | with s | more s");
        var (without, with) = (new List<double>(), new List<double>());
        for (var round = 0; round < int.Parse(rounds, CultureInfo.InvariantCulture); round++)
        {
            without.Add(await LoadAsync(model, canary: false));
            with.Add(await LoadAsync(model, canary: true));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{round} | {without[^1]:F3} | {with[^1]:F3} | {with[^1] - without[^1]:F3}"));
        }

        var least = await FindLeastAsync(model);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"median without {Median(without):F3}, with {Median(with):F3}; the trial needs {least / Mebibyte} MiB; load average {File.ReadAllText("/proc/loadavg").Trim()}"));
        return 0;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    // In steps of 32 MiB.
    private static async Task<long> FindLeastAsync(LargeModel model)
    {
        const long Step = 32 * Mebibyte;
        var (refused, passed) = (0L, ((4 * model.Length) + (1L << 30)) / Step);
        while (passed - refused > 1)
        {
            var middle = (passed + refused) / 2;
            model.Options.CanaryMaxBytes = middle * Step;
            try
            {
                await LoadAsync(model, canary: true);
                passed = middle;
            }
            catch (ModelLoadException)
            {
                refused = middle;
            }
        }

        return passed * Step;
    }

    private static async Task<double> LoadAsync(LargeModel model, bool canary)
    {
        model.Options.Canary = canary;
        var clock = Stopwatch.StartNew();
        // Each loader of its own: none remembers what has passed.
        var loader = new OnnxModelLoader(model.CreateReader(), new OnnxTelemetry(NullLoggerFactory.Instance), TimeProvider.System);
        await using var engine = await loader.LoadAsync("m", model.Options, CancellationToken.None);
        return clock.Elapsed.TotalSeconds;
    }
}
