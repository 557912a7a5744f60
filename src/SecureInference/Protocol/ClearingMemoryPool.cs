using System.Buffers;

namespace SecureInference.Protocol;

/// <summary>Rents from the shared pool and clears what it gives back: inflated payloads must not be seen by the next renter.</summary>
internal sealed class ClearingMemoryPool : MemoryPool<byte>
{
    private const int DefaultSize = 4096;

    public static ClearingMemoryPool Instance { get; } = new();

    public override int MaxBufferSize => Array.MaxLength;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => new Owner(minBufferSize < 0 ? DefaultSize : minBufferSize);

    protected override void Dispose(bool disposing)
    {
    }

    private sealed class Owner(int size) : IMemoryOwner<byte>
    {
        private byte[]? _array = ArrayPool<byte>.Shared.Rent(size);

        public Memory<byte> Memory => _array;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _array, null) is { } array)
            {
                ArrayPool<byte>.Shared.Return(array, clearArray: true);
            }
        }
    }
}
