namespace SecureInference.Tests.Pipeline.Auditing.Log;

/// <summary>Repeatable chance: a test that fails names its seed.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = (seed * 0x9E3779B97F4A7C15) + 1;

    public int Next(int below)
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return (int)((_state >> 16) % (ulong)below);
    }
}
