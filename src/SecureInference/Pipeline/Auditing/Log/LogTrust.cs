namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>The keys whose signatures count: those that are known, and those that introductions join to them.</summary>
internal sealed class LogTrust
{
    private readonly List<CheckpointKey> _keys;

    public LogTrust(IEnumerable<CheckpointKey> keys) => _keys = [.. keys];

    public IReadOnlyList<CheckpointKey> Keys => _keys;

    public bool Has(CheckpointKey key) => _keys.Exists(key.Is);

    /// <summary>Takes in the keys that introductions join to trusted ones, both ways: the new key signed who came before it.</summary>
    /// <param name="introductions">The introductions of the log.</param>
    /// <param name="others">Keys that the log names, trusted or not.</param>
    public void Join(IReadOnlyList<KeyIntroduction> introductions, IReadOnlyList<CheckpointKey> others)
    {
        for (var hasGrown = true; hasGrown;)
        {
            hasGrown = false;
            foreach (var introduction in introductions)
            {
                var introducer = _keys.Concat(others).FirstOrDefault(introduction.IsBy);
                if (introducer is not null && Has(introducer) != Has(introduction.Key))
                {
                    _keys.Add(Has(introducer) ? introduction.Key : introducer);
                    hasGrown = true;
                }
            }
        }
    }
}
