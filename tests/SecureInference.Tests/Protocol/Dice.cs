namespace SecureInference.Tests.Protocol;

/// <summary>Numbers that look random and are the same in every run.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = (seed * 0x9E3779B97F4A7C15) | 1;

    public ulong NextBits()
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return _state * 0x2545F4914F6CDD1D;
    }

    /// <summary>Returns a number from 0 to below <paramref name="bound"/>.</summary>
    public int Next(int bound) => (int)(NextBits() % (ulong)bound);

    public T Pick<T>(params ReadOnlySpan<T> items) => items[Next(items.Length)];
}
