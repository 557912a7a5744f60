using System.Diagnostics;
using System.Globalization;

namespace SecureInference.Load;

/// <summary>This program, started again for one part of it. It ends once its input does, and so also where this process is killed.</summary>
internal sealed class Child : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Of the times in /proc: USER_HZ, which is 100 for whatever reads them.</summary>
    private const double TicksPerSecond = 100;

    private readonly Process _process;

    public Child(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath ?? throw new InvalidOperationException("This program does not know its own path."), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };

        // As a web project has it.
        start.Environment["DOTNET_gcServer"] = "1";
        _process = Process.Start(start) ?? throw new InvalidOperationException("The part did not start.");
        try
        {
            Greeting = Read();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Gets what it said once it was ready.</summary>
    public string Greeting { get; }

    /// <summary>Gets the processor time that it has used, of its user's and the kernel's.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            // The name, in parentheses, may hold blanks; the two are fields 14 and 15, and field 3 is the first behind it.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return TimeSpan.FromSeconds((long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond);
        }
    }

    /// <summary>Writes a line to it, and returns the one that it answers with.</summary>
    public string Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        return Read();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(Patience))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private string Read() => _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("A part of the benchmark has ended; what it wrote to the error output says why.");
}
