namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>A file on disk.</summary>
internal sealed class DiskFile(FileStream stream) : LogFile
{
    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _handle = stream.SafeFileHandle;
    private readonly FileInfo _named = new(stream.Name);

    public override long Length => RandomAccess.GetLength(_handle);

    public override bool IsInPlace
    {
        get
        {
            // A file of the same name that somebody else put there is found by its length.
            _named.Refresh();
            return _named.Exists && _named.Length == RandomAccess.GetLength(_handle);
        }
    }

    public override int Read(Span<byte> buffer, long offset) => RandomAccess.Read(_handle, buffer, offset);

    public override void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(_handle, bytes, offset);

    public override void Cut(long length) => RandomAccess.SetLength(_handle, length);

    public override void Sync()
    {
        // Windows syncs only for those who may write; elsewhere what another process wrote can be synced, too.
        if (stream.CanWrite || !OperatingSystem.IsWindows())
        {
            RandomAccess.FlushToDisk(_handle);
        }
    }

    public override void Dispose() => stream.Dispose();
}
