using System.Globalization;

namespace SecureInference.Onnx.Tests.Canary;

/// <summary>The processes of this program that this one has started, as Linux shows them.</summary>
internal static class TrialProcesses
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    public static int[] All => [.. Directory.GetDirectories("/proc").Select(static folder => Path.GetFileName(folder))
        .Where(static name => name.All(char.IsAsciiDigit))
        .Select(static name => int.Parse(name, CultureInfo.InvariantCulture)).Where(static id => ParentOf(id) == Environment.ProcessId)
        .Where(static id => Read(id, "cmdline").Split('\0')[0] == Environment.ProcessPath)];

    /// <summary>Waits until there is one that has come to its model: its memory is limited by then.</summary>
    public static async Task<int> WaitForOneAsync()
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (All is [var id] && Read(id, "limits").Split('\n').Any(static line => line.StartsWith("Max data size", StringComparison.Ordinal) && !line.Contains("unlimited  ", StringComparison.Ordinal)))
            {
                return id;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline, "No process tries a model.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (IOException)
        {
            return "";
        }
    }

    // The second field is the name in parentheses, which may hold anything; the fourth is the parent.
    private static int ParentOf(int id) => Read(id, "stat").Split(") ").Last().Split(' ') is [_, var parent, ..] ? int.Parse(parent, CultureInfo.InvariantCulture) : 0;
}
