using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Reading;

/// <summary>What is known of each name of a graph and of the graphs around it; leaving a graph forgets its names.</summary>
/// <typeparam name="T">What is known.</typeparam>
internal sealed class ScopedNames<T>
{
    private const int Least = 64;
    private const int Most = 1 << 20;

    private Entry[] _entries;
    private int[] _heads;
    private int _count;

    /// <param name="expected">How many names are expected, counted in the file.</param>
    public ScopedNames(int expected)
    {
        var size = Math.Clamp(expected, Least, Most);
        _entries = new Entry[size];
        _heads = CreateHeads(size);
    }

    /// <summary>Gets a mark to go back to.</summary>
    public int Mark => _count;

    /// <summary>Finds a name; one of an inner graph hides one of an outer.</summary>
    /// <returns>Its index, or -1.</returns>
    public int Find(ReadOnlySpan<byte> file, ReadOnlySpan<byte> name, int from = 0)
    {
        var hash = Hash(name);
        for (var index = _heads[hash & (_heads.Length - 1)] - 1; index >= from; index = _entries[index].Next - 1)
        {
            if (_entries[index].Hash == hash && _entries[index].Name.Of(file).SequenceEqual(name))
            {
                return index;
            }
        }

        return -1;
    }

    public ref T At(int index) => ref _entries[index].Value;

    public void Add(ReadOnlySpan<byte> file, Slice name, T value)
    {
        if (_count == _entries.Length)
        {
            Grow();
        }

        var hash = Hash(name.Of(file));
        ref var head = ref _heads[hash & (_heads.Length - 1)];
        _entries[_count] = new Entry(name, hash, head, value);
        head = ++_count;
    }

    /// <summary>Forgets what was added after a mark.</summary>
    public void Reset(int mark)
    {
        while (_count > mark)
        {
            var entry = _entries[--_count];
            // The newest entry of a chain is its head, so taking entries back in turn restores every chain.
            _heads[entry.Hash & (_heads.Length - 1)] = entry.Next;
            _entries[_count] = default;
        }
    }

    // Seeded in each process: nobody can prepare names that all fall into one chain.
    private static int Hash(ReadOnlySpan<byte> name)
    {
        var hash = default(HashCode);
        hash.AddBytes(name);
        return hash.ToHashCode();
    }

    private static int[] CreateHeads(int size) => new int[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)size)];

    private void Grow()
    {
        Array.Resize(ref _entries, _entries.Length * 2);
        _heads = CreateHeads(_entries.Length);
        for (var index = 0; index < _count; index++)
        {
            ref var entry = ref _entries[index];
            ref var head = ref _heads[entry.Hash & (_heads.Length - 1)];
            entry = entry with { Next = head };
            head = index + 1;
        }
    }

    /// <param name="Name">The name.</param>
    /// <param name="Hash">Its hash.</param>
    /// <param name="Next">One more than the index of the next entry of its chain.</param>
    /// <param name="Value">What is known.</param>
    private record struct Entry(Slice Name, int Hash, int Next, T Value)
    {
        // A field, so that it can be changed in place.
        public T Value = Value;
    }
}
