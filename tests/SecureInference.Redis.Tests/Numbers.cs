namespace SecureInference.Redis.Tests;

/// <summary>Numbers that look random and are the same in each run.</summary>
internal sealed class Numbers(uint seed)
{
    private uint _state = seed;

    public int Next(int from, int below)
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return from + (int)(_state % (uint)(below - from));
    }
}
