using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SecureInference.Hosting.DryRun;

/// <summary>Says to scripts what a dry run has found.</summary>
internal static class DryRunJson
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(DryRunReport report, TextWriter output)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteBoolean("fine", report.Problems.Count == 0);
            json.WriteNumber("exitCode", report.ExitCode);
            json.WriteString("environment", report.Environment);
            json.WriteStartArray("problems");
            foreach (var problem in report.Problems)
            {
                json.WriteStartObject();
                json.WriteString("text", problem.Text);
                json.WriteBoolean("unreadable", problem.IsUnreadable);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            Write(json, "warnings", report.Warnings);
            Write(json, "models", report.Models);
            Write(json, report.Endpoints);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
        output.Flush();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<EndpointDemand>? endpoints)
    {
        if (endpoints is null)
        {
            json.WriteNull("endpoints");
            return;
        }

        json.WriteStartArray("endpoints");
        foreach (var endpoint in endpoints)
        {
            json.WriteStartObject();
            Write(json, "verbs", endpoint.Verbs.Split(", "));
            json.WriteString("path", endpoint.Path);
            json.WriteBoolean("guarded", endpoint.IsGuarded);
            json.WriteString("operation", endpoint.Operation);
            json.WriteString("demands", endpoint.Demands);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
