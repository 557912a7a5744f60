using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Pipeline.Auditing.Payloads;

/// <summary>One salt, and one payload where it is kept, as it stands in a file: length, state, direction, request, caller, salt, payload.</summary>
internal static class PayloadEntry
{
    public const byte Erased = 0;
    public const byte Live = 1;
    public const byte Input = 1;
    public const byte Output = 2;
    public const int TagBytes = 16;
    public const int SaltBytes = 32;
    public const int StateOffset = sizeof(int);
    public const int RequestOffset = StateOffset + 2;
    public const int TagOffset = RequestOffset + RequestName.Bytes;
    public const int SaltOffset = TagOffset + TagBytes;
    public const int HeaderBytes = SaltOffset + SaltBytes;

    [ThreadStatic]
    private static CallerTag? _last;

    /// <summary>Begins an entry; its salt is drawn here.</summary>
    public static void Begin(Span<byte> entry, byte direction, RequestName request, ReadOnlySpan<byte> tag)
    {
        BinaryPrimitives.WriteInt32LittleEndian(entry, entry.Length);
        entry[StateOffset] = Live;
        entry[StateOffset + 1] = direction;
        request.Write(entry[RequestOffset..]);
        tag.CopyTo(entry[TagOffset..]);
        SaltSource.Draw(entry.Slice(SaltOffset, SaltBytes));
    }

    /// <summary>Returns what entries know a caller by. Each thread keeps the last one: a request asks for its own twice.</summary>
    public static byte[] TagOf(string caller)
    {
        if (_last is not { } last || last.Caller != caller)
        {
            _last = last = new CallerTag(caller, SHA256.HashData(Encoding.UTF8.GetBytes(caller))[..TagBytes]);
        }

        return last.Tag;
    }

    private sealed record CallerTag(string Caller, byte[] Tag);
}
