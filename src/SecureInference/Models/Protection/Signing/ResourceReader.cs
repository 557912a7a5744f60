using System.Security.Cryptography;
using System.Text.Json;

namespace SecureInference.Models.Protection.Signing;

/// <summary>Reads the list of what is signed; memory for it is bounded by the length of the list.</summary>
internal sealed class ResourceReader
{
    private const int MaxResources = 1_000_000;
    private const int MaxAlgorithm = 64;

    /// <summary>A resource is no shorter than this, in JSON: the digest alone has so many digits.</summary>
    private const int LeastLength = 100;
    private static readonly string[] Members = ["name", "algorithm", "digest"];
    private readonly string[] _names;
    private readonly byte[] _digests;
    private readonly HashSet<string> _algorithms = new(StringComparer.Ordinal);
    private int _count;

    /// <param name="payloadLength">The length of the JSON that has the list.</param>
    public ResourceReader(int payloadLength)
    {
        var most = Math.Min(MaxResources, (payloadLength / LeastLength) + 1);
        _names = new string[most];
        _digests = new byte[most * SHA256.HashSizeInBytes];
    }

    public ReadOnlySpan<string> Names => _names.AsSpan(0, _count);

    /// <summary>Gets what the digests are called, each once.</summary>
    public IReadOnlyCollection<string> Algorithms => _algorithms;

    public byte[] Digests => _digests.AsSpan(0, _count * SHA256.HashSizeInBytes).ToArray();

    private Span<byte> Place => _digests.AsSpan(_count * SHA256.HashSizeInBytes, SHA256.HashSizeInBytes);

    /// <exception cref="JsonException">It is no list of resources.</exception>
    public void Read(ref StrictJson json)
    {
        json.BeginArray();
        while (json.NextElement())
        {
            if (_count == _names.Length)
            {
                throw new JsonException("it lists too many resources");
            }

            ReadOne(ref json);
            _count++;
        }
    }

    /// <summary>Adds a resource of a form that names it elsewhere.</summary>
    public void Add(string name, ReadOnlySpan<byte> digest)
    {
        if (_count == _names.Length)
        {
            throw new JsonException("it lists too many resources");
        }

        _names[_count] = name;
        digest.CopyTo(Place);
        _count++;
    }

    /// <summary>Reads a digest.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static void ReadDigest(ref StrictJson json, Span<byte> into)
    {
        if (!json.TryReadHex(into))
        {
            throw new JsonException($"a digest is not {2 * SHA256.HashSizeInBytes} lower-case hexadecimal digits");
        }
    }

    private void ReadOne(ref StrictJson json)
    {
        var seen = default(SeenMembers);
        json.BeginObject();
        while (json.NextMember(Members, ref seen, out var name))
        {
            switch (name)
            {
                case 0:
                    _names[_count] = json.Text(ResourceName.MaxLength);
                    break;
                case 1:
                    SeeAlgorithm(ref json);
                    break;
                case 2:
                    SetDigest(ref json);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        if (!seen.Has(0) || !seen.Has(1) || !seen.Has(2))
        {
            throw new JsonException("a resource lacks name, algorithm or digest");
        }
    }

    private void SeeAlgorithm(ref StrictJson json)
    {
        // Nearly always the same one: it is not worth a text of its own each time.
        if (_algorithms.Count == 1 && json.TextIs(SerializationRules.Algorithm) && _algorithms.Contains(SerializationRules.Algorithm))
        {
            return;
        }

        if (_algorithms.Add(json.Text(MaxAlgorithm)) && _algorithms.Count > 2)
        {
            throw new JsonException("its resources have digests of several kinds");
        }
    }

    private void SetDigest(ref StrictJson json) => ReadDigest(ref json, Place);
}
