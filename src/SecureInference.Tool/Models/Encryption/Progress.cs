using System.Globalization;
using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tool.Models.Encryption;

/// <summary>Says on the error stream how far a long file is; nothing where a program listens.</summary>
internal sealed class Progress(ToolConsole console, string what, long total, bool isQuiet)
{
    /// <summary>A shorter file is done before anybody looks.</summary>
    private const long WorthSaying = 64L << 20;

    private long _percent = -1;

    /// <summary>Follows a file that is decrypted, by its clear bytes.</summary>
    public static Progress Of(OpenedAgeFile file, ToolConsole console, string what, bool isQuiet) =>
        new(console, what, file.SealedLength - (AgePayload.ChunksIn(file.SealedLength) * AgeFormat.TagSize), isQuiet);

    public void Report(long done)
    {
        if (isQuiet || console.IsPlain || total < WorthSaying)
        {
            return;
        }

        var percent = done * 100 / total;
        if (percent != _percent)
        {
            _percent = percent;
            console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{what} {percent} %{(percent == 100 ? "\n" : "")}"));
        }
    }
}
