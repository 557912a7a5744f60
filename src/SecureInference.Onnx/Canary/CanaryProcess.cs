using System.ComponentModel;
using System.Diagnostics;

namespace SecureInference.Onnx.Canary;

/// <summary>The app's hold on the process that tries a model; it has ended when this is disposed.</summary>
internal sealed class CanaryProcess : IAsyncDisposable
{
    /// <summary>A process that was killed is gone at once, unless the system itself hangs.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly CanaryLines _lines;
    private readonly Task _errors;

    private CanaryProcess(Process process)
    {
        _process = process;
        _lines = new CanaryLines(process.StandardOutput.BaseStream);
        // What native code says may hold what is in the model, and a full pipe would hold the process up.
        _errors = process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
    }

    /// <summary>Starts it, or returns <see langword="null"/> where the system does not.</summary>
    public static CanaryProcess? TryStart(CanaryProgram program)
    {
        try
        {
            return Process.Start(program.Describe()) is { } process ? new CanaryProcess(process) : null;
        }
        catch (Exception failure) when (failure is Win32Exception or IOException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Returns whether it is what it should be, and so may be sent a model.</summary>
    public async Task<bool> HasBegunAsync(CancellationToken cancellationToken) =>
        await _lines.ReadAsync(cancellationToken) == CanaryChild.Greeting;

    /// <summary>Sends it a model, and waits for its verdict.</summary>
    /// <returns>The verdict, or <see langword="null"/> where it ended without one.</returns>
    public async Task<CanaryVerdict?> TryAsync(string model, string nonce, ModelOptions options, ModelContent content, CancellationToken cancellationToken)
    {
        try
        {
            await CanaryRequest.WriteAsync(_process.StandardInput.BaseStream, model, nonce, options, content, cancellationToken);
        }
        catch (IOException)
        {
            // It ended while it was sent the model: how, its exit code says.
        }

        while (await _lines.ReadAsync(cancellationToken) is { } line)
        {
            if (CanaryVerdict.TryRead(line, nonce) is { } verdict)
            {
                return verdict;
            }
        }

        return null;
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception)
        {
            // It has ended.
        }

        using var patience = new CancellationTokenSource(EndPatience);
        await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _errors.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _process.Dispose();
    }
}
