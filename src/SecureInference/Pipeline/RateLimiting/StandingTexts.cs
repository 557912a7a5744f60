using System.Globalization;

namespace SecureInference.Pipeline.RateLimiting;

/// <summary>What a limit's callers are told of where they stand: callers at a steady pace are told the same few things again and again.</summary>
internal sealed class StandingTexts(string name)
{
    private const int Kept = 256;
    private readonly Standing?[] _recent = new Standing?[Kept];

    /// <summary>Returns the item of <c>RateLimit</c>.</summary>
    public string Of(long left, long seconds)
    {
        ref var place = ref _recent[(left ^ (seconds << 5)) & (Kept - 1)];

        // Written as one reference: whoever reads meanwhile has either the one before or this.
        var known = Volatile.Read(ref place);
        if (known is null || known.Left != left || known.Seconds != seconds)
        {
            known = new Standing(left, seconds, string.Create(CultureInfo.InvariantCulture, $"\"{name}\";r={left};t={seconds}"));
            Volatile.Write(ref place, known);
        }

        return known.Text;
    }

    private sealed record Standing(long Left, long Seconds, string Text);
}
