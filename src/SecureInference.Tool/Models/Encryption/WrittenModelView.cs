using System.Text.Json;

namespace SecureInference.Tool.Models.Encryption;

/// <summary>Says that a model was written.</summary>
internal static class WrittenModelView
{
    public static int Show(ToolConsole console, string done, WrittenModel written, bool asJson)
    {
        console.WriteLine(asJson ? JsonSerializer.Serialize(written, EncryptionJson.Default.WrittenModel) : done);
        return ExitCode.Fine;
    }
}
