using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace SecureInference.TestSupport;

/// <summary>A real Redis as a process of its own on the loopback interface, which keeps nothing.</summary>
public sealed class RedisProcess : IDisposable
{
    private const int Stop = 19;
    private const int Continue = 18;
    private readonly TestFolder _folder;
    private readonly string[] _arguments;
    private Process _process;

    private RedisProcess(TestFolder folder, int port, string[] arguments, Process process)
    {
        _folder = folder;
        Port = port;
        _arguments = arguments;
        _process = process;
    }

    public static bool IsMissing => Program is null;

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Gets where the program lies, or nothing where it is not installed.</summary>
    private static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(static folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);

    /// <param name="more">Further arguments; with <c>--tls-port</c> among them, PORT stands for the port.</param>
    public static async Task<RedisProcess> StartAsync(params string[] more)
    {
        // Another process may take the port between its choice and its use.
        for (var attempt = 1; ; attempt++)
        {
            var folder = new TestFolder();
            var port = ChoosePort();
            var arguments = (string[])[.. more.Contains("--tls-port") ? ["--port", "0"] : (string[])["--port", $"{port}"],
                "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder.Path, .. more.Select(argument => argument == "PORT" ? $"{port}" : argument)];
            var process = Launch(arguments);
            if (await IsListeningAsync(process, port))
            {
                return new RedisProcess(folder, port, arguments, process);
            }

            process.Dispose();
            folder.Dispose();
            if (attempt == 5)
            {
                throw new InvalidOperationException("redis-server does not start.");
            }
        }
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public async Task RestartAsync()
    {
        _process.Dispose();
        _process = Launch(_arguments);
        if (!await IsListeningAsync(_process, Port))
        {
            throw new InvalidOperationException("redis-server does not start again.");
        }
    }

    /// <summary>Lets the process stand still, with its connections open.</summary>
    public void Pause() => Send(Stop);

    public void Resume() => Send(Continue);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
        _folder.Dispose();
    }

    private static Process Launch(string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(Program!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task<bool> IsListeningAsync(Process process, int port)
    {
        while (!process.HasExited)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }

        return false;
    }

    private void Send(int signal)
    {
        if (SendSignal(_process.Id, signal) != 0)
        {
            throw new InvalidOperationException("redis-server does not take signals.");
        }
    }

    private static int ChoosePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [DllImport("libc", EntryPoint = "kill", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
