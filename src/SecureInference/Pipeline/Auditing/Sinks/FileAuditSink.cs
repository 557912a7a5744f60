using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Pipeline.Auditing.Sinks;

/// <summary>Appends records to a file, a JSON object a line.</summary>
internal sealed class FileAuditSink : IAuditSink, IDisposable
{
    private const string FileName = "audit.jsonl";
    private const string LockName = "audit.lock";

    private readonly string _directory;
    private readonly AuditTelemetry _telemetry;
    private FileStream _lock;
    private FileStream _file;
    private readonly ArrayBufferWriter<byte> _buffer = new(64 * 1024);
    private readonly Utf8JsonWriter _json;
    private long _length;

    /// <summary>Opens the file, and puts the torn tail of a crash aside.</summary>
    /// <exception cref="IOException">It cannot be written, or another process writes to it.</exception>
    public FileAuditSink(string directory, AuditTelemetry telemetry)
    {
        _directory = directory;
        _telemetry = telemetry;
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.Default });
        (_lock, _file, _length) = OpenLog();
    }

    public void Write(ReadOnlySpan<AuditRecord> records)
    {
        ReopenWhereMoved();
        _buffer.ResetWrittenCount();
        foreach (var record in records)
        {
            _json.Reset(_buffer);
            AuditRecordJson.Write(_json, record);
            _json.Flush();
            _buffer.GetSpan(1)[0] = (byte)'\n';
            _buffer.Advance(1);
        }

        try
        {
            RandomAccess.Write(_file.SafeFileHandle, _buffer.WrittenSpan, _length);
        }
        catch
        {
            // A disk that filled up half-way: the half line goes, and the whole batch comes again.
            RandomAccess.SetLength(_file.SafeFileHandle, _length);
            throw;
        }

        _length += _buffer.WrittenCount;
    }

    /// <summary>Appends the checkpoint to the list of all, and makes it the newest: whoever holds this folder can show what the log held.</summary>
    public void WriteCheckpoint(string note)
    {
        ReopenWhereMoved();
        File.AppendAllText(Path.Combine(_directory, "checkpoints"), note + "\n");
        var newest = Path.Combine(_directory, "checkpoint");
        File.WriteAllText(newest + ".new", note);
        File.Move(newest + ".new", newest, overwrite: true);
    }

    public void Dispose()
    {
        _file.Flush(flushToDisk: true);
        _file.Dispose();
        _json.Dispose();
        _lock.Dispose();
    }

    private (FileStream Lock, FileStream File, long Length) OpenLog()
    {
        Directory.CreateDirectory(_directory);

        // Beside the log: Unix knows no share that keeps writers out and lets readers in.
        // Never deleted: two processes could then each hold a file of that name.
        var held = Open(Path.Combine(_directory, LockName), FileShare.None);
        try
        {
            var path = Path.Combine(_directory, FileName);
            var file = Open(path, FileShare.Read);
            return (held, file, TornTail.Cut(file, path, _telemetry));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Records written to a file that nobody can find are lost: a log that was moved, cut or deleted goes on in a new file.</summary>
    private void ReopenWhereMoved()
    {
        var there = new FileInfo(Path.Combine(_directory, FileName));
        if (there.Exists && there.Length == _length)
        {
            return;
        }

        _telemetry.FileMoved(FileName);
        _file.Dispose();
        _lock.Dispose();
        (_lock, _file, _length) = OpenLog();
    }

    private static FileStream Open(string path, FileShare share)
    {
        // Whoever may write in this folder must not lend the log another file's name.
        if (new FileInfo(path).LinkTarget is not null)
        {
            throw new IOException($"'{Path.GetFileName(path)}' is a symbolic link. Remove it.");
        }

        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = share,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
