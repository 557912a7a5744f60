using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Tool.Audit;

/// <summary>Writes records as JSON, one a line.</summary>
internal sealed class RecordLines : IDisposable
{
    private readonly ToolConsole? _console;
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly Utf8JsonWriter _json;

    public RecordLines(ToolConsole? console = null)
    {
        _console = console;

        // Everything beyond plain letters is escaped: a line may be shown on a terminal.
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.Default });
    }

    public void Write(AuditRecord record) => _console?.WriteLine(Encoding.UTF8.GetString(Render(record)));

    /// <summary>Returns the line without its end, until the next.</summary>
    public ReadOnlySpan<byte> Render(AuditRecord record)
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        AuditRecordJson.Write(_json, record);
        _json.Flush();
        return _buffer.WrittenSpan;
    }

    public void Dispose() => _json.Dispose();
}
