using System.Text;

namespace SecureInference.Onnx.Canary;

/// <summary>What the process that tried a model says of it, in a line.</summary>
/// <param name="Outcome">How it went.</param>
/// <param name="Message">Why the model is refused, and what to do.</param>
internal sealed record CanaryVerdict(CanaryOutcome Outcome, string Message = "")
{
    /// <summary>Longer than any message of ours.</summary>
    private const int MaxMessageLength = 2000;

    public string Write(string nonce) => $"{nonce} {Outcome} {Convert.ToBase64String(Encoding.UTF8.GetBytes(Message))}";

    /// <summary>Reads a line, or returns <see langword="null"/> where it is none of these.</summary>
    public static CanaryVerdict? TryRead(string line, string nonce)
    {
        var parts = line.Split(' ');
        var bytes = new byte[line.Length];
        return parts is [var first, var outcome, var message] && first == nonce
            && Enum.TryParse<CanaryOutcome>(outcome, out var known) && Enum.IsDefined(known)
            && Convert.TryFromBase64String(message, bytes, out var length)
                ? new CanaryVerdict(known, Clean(Encoding.UTF8.GetString(bytes, 0, length)))
                : null;
    }

    // It goes into the log: a process that a model has taken over must not write lines of its own there.
    private static string Clean(string message) =>
        string.Concat(message.Take(MaxMessageLength).Select(static character => char.IsControl(character) ? ' ' : character));
}
