using System.Buffers.Binary;
using System.Security.Cryptography;
using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Pipeline.Auditing.Payloads;

/// <summary>The files in which salts and payloads lie, apart from the log.</summary>
internal sealed class PayloadFolder(string path, long fileBytes) : IDisposable
{
    private const string Prefix = "payloads-";
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Erasing and appending take turns.
    private readonly Lock _lock = new();
    private FileStream? _file;
    private long _length;
    private bool _isDirty;

    public void Append(IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        lock (_lock)
        {
            if (_file is null || !File.Exists(_file.Name) || _length >= fileBytes)
            {
                OpenNext();
            }

            // Where it fails half-way, the same place is written again: nothing stands behind it.
            RandomAccess.Write(_file!.SafeFileHandle, entries, _length);
            _length += entries.Sum(static entry => (long)entry.Length);
            _isDirty = true;
        }
    }

    public void Sync()
    {
        lock (_lock)
        {
            if (_isDirty)
            {
                RandomAccess.FlushToDisk(_file!.SafeFileHandle);
                _isDirty = false;
            }
        }
    }

    /// <summary>Overwrites salt and payload of the entries that are meant, on disk before it returns.</summary>
    /// <returns>How many there were.</returns>
    public int Erase(Func<byte[], bool> isMeant) => Walk(FileAccess.ReadWrite, (file, place, header) =>
    {
        if (header[PayloadEntry.StateOffset] != PayloadEntry.Live || !isMeant(header))
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        RandomAccess.Write(file.SafeFileHandle, new byte[length - PayloadEntry.SaltOffset], place + PayloadEntry.SaltOffset);
        RandomAccess.Write(file.SafeFileHandle, [PayloadEntry.Erased], place + PayloadEntry.StateOffset);
        return true;
    });

    /// <summary>Reads the entries of a request that were not erased.</summary>
    public IReadOnlyList<byte[]> Find(ReadOnlyMemory<byte> request)
    {
        var found = new List<byte[]>();
        Walk(FileAccess.Read, (file, place, header) =>
        {
            if (header[PayloadEntry.StateOffset] == PayloadEntry.Live && header.AsSpan(PayloadEntry.RequestOffset, request.Length).SequenceEqual(request.Span))
            {
                var entry = new byte[BinaryPrimitives.ReadInt32LittleEndian(header)];
                RandomAccess.Read(file.SafeFileHandle, entry, place);
                found.Add(entry);
            }

            return false;
        });
        return found;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private int Walk(FileAccess access, Func<FileStream, long, byte[], bool> visit)
    {
        lock (_lock)
        {
            var visited = 0;
            foreach (var name in Directory.Exists(path) ? Directory.GetFiles(path, Prefix + "*") : [])
            {
                using var file = new FileStream(name, FileMode.Open, access, FileShare.ReadWrite, bufferSize: 0);
                visited += Walk(file, visit);
            }

            return visited;
        }
    }

    private static int Walk(FileStream file, Func<FileStream, long, byte[], bool> visit)
    {
        var visited = 0;
        var header = new byte[PayloadEntry.HeaderBytes];
        for (var place = 0L; RandomAccess.Read(file.SafeFileHandle, header, place) == header.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(header);
            if (length < header.Length || place + length > file.Length)
            {
                // The torn end of a crash: its record was never written either.
                break;
            }

            visited += visit(file, place, header) ? 1 : 0;
            place += length;
        }

        if (visited > 0)
        {
            RandomAccess.FlushToDisk(file.SafeFileHandle);
        }

        return visited;
    }

    private void OpenNext()
    {
        var folder = DiskFolder.Make(path);
        if (_isDirty)
        {
            RandomAccess.FlushToDisk(_file!.SafeFileHandle);
            _isDirty = false;
        }

        _file?.Dispose();
        _file = null;

        // A name that no earlier process has used: what one left half-written stays its own.
        var name = Path.Combine(path, Prefix + RandomNumberGenerator.GetHexString(32, lowercase: true));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Mine;
        }

        _file = new FileStream(name, options);
        _length = 0;
        folder.Sync();
    }
}
