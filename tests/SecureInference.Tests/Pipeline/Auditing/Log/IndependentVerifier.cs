using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SecureInference.Tests.Pipeline.Auditing.Tree;

namespace SecureInference.Tests.Pipeline.Auditing.Log;

/// <summary>Reads notes and segments as the specifications say, and shares no code with the product.</summary>
internal static class IndependentVerifier
{
    /// <summary>Returns what a checkpoint says, where the key of the PEM signed it.</summary>
    public static (string Origin, int Size, string Root)? Checkpoint(string note, string pem)
    {
        var blank = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        var text = note[..(blank + 1)];
        using var key = ECDsa.Create();
        key.ImportFromPem(pem);
        var keyId = SHA256.HashData(key.ExportSubjectPublicKeyInfo())[..4];
        var lines = text.TrimEnd('\n').Split('\n');
        foreach (var line in note[(blank + 2)..].TrimEnd('\n').Split('\n'))
        {
            var parts = line.Split(' ');
            var signature = Convert.FromBase64String(parts[2]);
            if (parts[0] == "\u2014" && parts[1] == lines[0] && signature.AsSpan(0, 4).SequenceEqual(keyId)
                && key.VerifyData(Encoding.UTF8.GetBytes(text), signature[4..], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))
            {
                return (lines[0], int.Parse(lines[1], CultureInfo.InvariantCulture), lines[2]);
            }
        }

        return null;
    }

    /// <summary>Returns the records of sealed segments, in order, after checking every checksum, footer and checkpoint.</summary>
    public static byte[][] Records(IEnumerable<byte[]> segments, string pem)
    {
        var records = new List<byte[]>();
        foreach (var segment in segments)
        {
            var start = BinaryPrimitives.ReadInt32LittleEndian(segment.AsSpan(12));
            Assert.Equal("SI-AUDIT", Encoding.ASCII.GetString(segment, 0, 8));
            Assert.Equal(Crc(segment.AsSpan(0, start - 4)), BinaryPrimitives.ReadUInt32LittleEndian(segment.AsSpan(start - 4)));
            Assert.Equal(records.Count, BinaryPrimitives.ReadInt64LittleEndian(segment.AsSpan(40)));
            Assert.Equal(NaiveTree.Root(records.ToArray()), segment[48..80]);
            for (var at = start; at < segment.Length;)
            {
                var word = BinaryPrimitives.ReadUInt32LittleEndian(segment.AsSpan(at));
                var body = segment[(at + 8)..(at + 8 + (int)(word & 0xFFFFFF))];
                Assert.Equal(Crc([.. segment[at..(at + 4)], .. body]), BinaryPrimitives.ReadUInt32LittleEndian(segment.AsSpan(at + 4)));
                Frame((int)(word >> 24), body, records, pem);
                at += 8 + body.Length;
            }
        }

        return [.. records];
    }

    private static void Frame(int type, byte[] body, List<byte[]> records, string pem)
    {
        switch (type)
        {
            case 0:
                records.Add(body);
                break;
            case 1:
                var checkpoint = Checkpoint(Encoding.UTF8.GetString(body), pem);
                Assert.Equal(records.Count, checkpoint?.Size);
                Assert.Equal(Convert.ToBase64String(NaiveTree.Root(records.ToArray())), checkpoint?.Root);
                break;
            default:
                Assert.Equal(3, type);
                Assert.Equal(records.Count, BinaryPrimitives.ReadInt64LittleEndian(body));
                Assert.Equal(NaiveTree.Root(records.ToArray()), body[8..]);
                break;
        }
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0x82F63B78;
            }
        }

        return ~crc;
    }
}
