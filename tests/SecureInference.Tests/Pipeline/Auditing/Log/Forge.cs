using System.Buffers.Binary;
using System.Text;
using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tests.Pipeline.Auditing.Log;

/// <summary>Changes segments as an attacker would who knows the format.</summary>
internal static class Forge
{
    public static byte[] Record(string text) => Frame(Encoding.ASCII.GetBytes(text), FrameType.Record);

    public static byte[] Frame(ReadOnlySpan<byte> body, FrameType type)
    {
        byte[] frame = [.. new byte[8], .. body];
        SecureInference.Pipeline.Auditing.Log.Frame.Finish(frame, type);
        return frame;
    }

    public static byte[] Change(byte[] segment, Action<List<byte[]>> change)
    {
        var start = BinaryPrimitives.ReadInt32LittleEndian(segment.AsSpan(12));
        var frames = new List<byte[]>();
        for (var at = start; at < segment.Length; at += frames[^1].Length)
        {
            var length = 8 + (int)(BinaryPrimitives.ReadUInt32LittleEndian(segment.AsSpan(at)) & 0xFFFFFF);
            frames.Add(segment[at..(at + length)]);
        }

        change(frames);
        return [.. segment[..start], .. frames.SelectMany(static frame => frame)];
    }
}
