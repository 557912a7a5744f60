using System.Runtime.InteropServices;

namespace SecureInference.Load;

/// <summary>Waits for any of many sockets on the thread that goes on to read them: the client shares the server's processors, and hand-overs would be taken for the server's.</summary>
internal static partial class Poll
{
    private const short Readable = 1;

    public static Slot For(int handle) => new() { Handle = handle, Wanted = Readable };

    /// <summary>Waits until there is something to read, or a second is over.</summary>
    public static void Wait(Span<Slot> slots) => _ = Native(slots, (nuint)slots.Length, 1000);

    // Also where a signal interrupts it: then nothing is readable, and the caller asks again.
    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Native(Span<Slot> slots, nuint count, int milliseconds);

    /// <summary>The struct <c>pollfd</c>.</summary>
    internal struct Slot
    {
        public int Handle;
        public short Wanted;
        public short Seen;
    }
}
