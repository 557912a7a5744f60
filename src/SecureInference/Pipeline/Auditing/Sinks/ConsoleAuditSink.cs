using System.Text.Json;
using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Pipeline.Auditing.Sinks;

/// <summary>Writes records to standard output, a JSON object a line, for a collector of logs.</summary>
internal sealed class ConsoleAuditSink(Stream output) : IAuditSink, IDisposable
{
    private readonly MemoryStream _buffer = new();

    public void Write(ReadOnlySpan<AuditRecord> records)
    {
        foreach (var record in records)
        {
            using (var json = new Utf8JsonWriter(_buffer))
            {
                AuditRecordJson.Write(json, record);
            }

            _buffer.WriteByte((byte)'\n');
        }

        Flush();
    }

    public void WriteCheckpoint(string note)
    {
        using (var json = new Utf8JsonWriter(_buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind"u8, "checkpoint"u8);
            json.WriteString("note"u8, note);
            json.WriteEndObject();
        }

        _buffer.WriteByte((byte)'\n');
        Flush();
    }

    public void Dispose() => _buffer.Dispose();

    // In one go: lines of two writers to one terminal must not run into each other.
    private void Flush()
    {
        try
        {
            output.Write(_buffer.GetBuffer(), 0, (int)_buffer.Length);
            output.Flush();
        }
        finally
        {
            _buffer.SetLength(0);
        }
    }
}
