using System.Security.Cryptography;
using System.Text.Json;

namespace SecureInference.Models.Protection.Signing;

/// <summary>Makes a manifest of a list of resources, where these agree with each other.</summary>
internal static class ManifestRules
{
    /// <param name="subject">The one subject, with the digest of all of it; there is none in the form of version 0.2.0.</param>
    /// <param name="resources">What is signed.</param>
    /// <param name="rules">How it was gone through.</param>
    /// <exception cref="JsonException">They contradict each other.</exception>
    public static SignedManifest Create(ResourceReader? subject, ResourceReader resources, SerializationRules rules)
    {
        if (subject?.Names.Length == 0)
        {
            throw new JsonException("it has no subject");
        }

        if (resources.Names.IsEmpty)
        {
            throw new JsonException("it signs no file at all");
        }

        if (resources.Algorithms.FirstOrDefault(algorithm => !rules.IsAlgorithm(algorithm)) is not null)
        {
            throw new JsonException("the algorithm of a resource is not the hash_type of the serialization");
        }

        // The order is the one given: sorted anew, the digest of all of it could be another.
        var digests = resources.Digests;
        if (subject is not null && !subject.Digests.AsSpan().SequenceEqual(SHA256.HashData(digests)))
        {
            throw new JsonException("the digest of its subject is not that of its resources");
        }

        return new SignedManifest(subject?.Names[0], Arrange(resources.Names, rules), digests) { IgnoredPaths = rules.IgnoredPaths };
    }

    private static SignedPiece[] Arrange(ReadOnlySpan<string> names, SerializationRules rules)
    {
        var pieces = new SignedPiece[names.Length];
        for (var index = 0; index < names.Length; index++)
        {
            pieces[index] = rules.IsSharded ? ReadShard(names[index], index) : new SignedPiece(names[index], 0, SignedPiece.ToTheEnd, index);
        }

        Array.Sort(pieces, static (one, other) =>
            string.CompareOrdinal(one.Name, other.Name) is not 0 and var order ? order : one.Start.CompareTo(other.Start));
        for (var index = 0; index < pieces.Length; index++)
        {
            RequireName(pieces, pieces[index].Name);
            RequirePlace(pieces, index, rules);
        }

        return pieces;
    }

    private static SignedPiece ReadShard(string text, int index) => ResourceName.TryParseShard(text, out var name, out var start, out var end)
        ? new SignedPiece(name, start, end, index)
        : throw new JsonException("a resource is called otherwise than file:start:end");

    private static void RequireName(SignedPiece[] pieces, string name)
    {
        // A dot is the whole of a model that is one file, and nothing beside others.
        if (!ResourceName.IsValid(name) && !(name == ResourceName.OneFile && pieces[^1].Name == name && pieces[0].Name == name))
        {
            throw new JsonException("a resource has a name that is no plain relative path");
        }
    }

    private static void RequirePlace(SignedPiece[] pieces, int index, SerializationRules rules)
    {
        var piece = pieces[index];
        var isFirst = index == 0 || pieces[index - 1].Name != piece.Name;
        var isLast = index == pieces.Length - 1 || pieces[index + 1].Name != piece.Name;
        if (!rules.IsSharded && !isFirst)
        {
            throw new JsonException("it lists a file twice");
        }

        if (rules.IsSharded && (piece.Start != (isFirst ? 0 : pieces[index - 1].End) || piece.End - piece.Start > rules.ShardSize || (!isLast && piece.End - piece.Start != rules.ShardSize)))
        {
            throw new JsonException("the shards of a file overlap, leave a gap, or have another size than they should");
        }
    }
}
