using System.Security.Cryptography;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>Hashes memory in its order while others fill it out of order: whoever has filled a part hashes what is ready, one at a time, and nobody waits.</summary>
/// <param name="memory">What is filled.</param>
/// <param name="partLength">The bytes of each part but the last.</param>
internal sealed class FollowingHash(ReadOnlyMemory<byte> memory, int partLength) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly bool[] _isFilled = new bool[Math.Max(1, (int)(((long)memory.Length + partLength - 1) / partLength))];
    private readonly Lock _lock = new();
    private int _hashed;
    private bool _isHashing;

    /// <summary>Says that a part is there, and hashes it once all before it are.</summary>
    public void Filled(long part)
    {
        lock (_lock)
        {
            _isFilled[part] = true;
            if (_isHashing)
            {
                return;
            }

            _isHashing = true;
        }

        while (TakeReady() is { IsEmpty: false } ready)
        {
            _hash.AppendData(ready.Span);
        }
    }

    /// <summary>Returns the hash of all of it, once every part was filled.</summary>
    public byte[] Finish() => _hashed == _isFilled.Length ? _hash.GetHashAndReset() : throw new InvalidOperationException("A part was not filled.");

    public void Dispose() => _hash.Dispose();

    // What is handed out is behind the mark at once: the next who asks gets what follows.
    private ReadOnlyMemory<byte> TakeReady()
    {
        lock (_lock)
        {
            var from = _hashed;
            while (_hashed < _isFilled.Length && _isFilled[_hashed])
            {
                _hashed++;
            }

            _isHashing = _hashed != from && memory.Length != 0;
            return _isHashing ? memory[(from * partLength)..(int)Math.Min(memory.Length, (long)_hashed * partLength)] : default;
        }
    }
}
