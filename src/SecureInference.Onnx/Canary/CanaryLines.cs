using System.Text;

namespace SecureInference.Onnx.Canary;

/// <summary>Reads a process' lines, and no more of them than a sound process writes.</summary>
internal sealed class CanaryLines(Stream stream)
{
    /// <summary>What native code writes between our lines fits in; a process that writes without end must not fill the app's memory.</summary>
    private const int MaxBytes = 64 << 10;

    private readonly byte[] _buffer = new byte[MaxBytes];
    private int _from;
    private int _to;

    /// <summary>Returns the next line, or <see langword="null"/> where there is none any more.</summary>
    public async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_from, _to - _from).IndexOf((byte)'\n');
            if (length >= 0)
            {
                var line = Encoding.UTF8.GetString(_buffer, _from, length);
                _from += length + 1;
                return line;
            }

            var count = await stream.ReadAsync(_buffer.AsMemory(_to), cancellationToken);
            if (count == 0)
            {
                return null;
            }

            _to += count;
        }
    }
}
