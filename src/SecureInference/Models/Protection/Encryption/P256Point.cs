using System.Security.Cryptography;
using Org.BouncyCastle.Asn1.X9;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>A public P-256 key, and the two ways in which it is written.</summary>
internal sealed class P256Point
{
    public const int CompressedSize = 33;
    public const int UncompressedSize = 65;
    private const int CoordinateSize = 32;
    private const byte UncompressedMark = 4;

    private P256Point(byte[] uncompressed) => Uncompressed = uncompressed;

    public byte[] Uncompressed { get; }

    public byte[] Compressed => [(byte)(2 | (Uncompressed[^1] & 1)), .. Uncompressed.AsSpan(1, CoordinateSize)];

    public static P256Point Of(ECParameters key) => new([UncompressedMark, .. Padded(key.Q.X), .. Padded(key.Q.Y)]);

    /// <summary>Reads a point in either way; one that is not on the curve is none.</summary>
    public static P256Point? TryParse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            // Public bytes: nothing here depends on a secret. The platform reads no compressed points.
            var point = ECNamedCurveTable.GetByName("P-256").Curve.DecodePoint(bytes.ToArray());
            return point.IsInfinity ? null : new P256Point(point.GetEncoded(compressed: false));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or ArithmeticException)
        {
            return null;
        }
    }

    /// <summary>Agrees with a secret key on raw bytes.</summary>
    public byte[] AgreeWith(ECDiffieHellman secret)
    {
        using var other = ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Uncompressed[1..(1 + CoordinateSize)], Y = Uncompressed[(1 + CoordinateSize)..] },
        });
        return secret.DeriveRawSecretAgreement(other.PublicKey);
    }

    private static byte[] Padded(byte[]? coordinate) => [.. new byte[CoordinateSize - (coordinate ?? []).Length], .. coordinate ?? []];
}
