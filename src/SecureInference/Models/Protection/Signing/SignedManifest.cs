using System.Security.Cryptography;

namespace SecureInference.Models.Protection.Signing;

/// <summary>What is signed: files, in pieces, by their hashes.</summary>
internal sealed class SignedManifest
{
    private readonly byte[] _digests;

    /// <param name="name">What the signer calls the model.</param>
    /// <param name="pieces">The pieces; in order by file and place.</param>
    /// <param name="digests">Their digests, one after the other, in the order in which they were signed.</param>
    public SignedManifest(string? name, SignedPiece[] pieces, byte[] digests)
    {
        Name = name;
        _digests = digests;
        Files = Group(pieces);
    }

    /// <summary>Gets what the signer calls the model, where that is signed.</summary>
    public string? Name { get; }

    /// <summary>Gets the files, by name.</summary>
    public IReadOnlyList<SignedFile> Files { get; }

    /// <summary>Gets the names that the signer has left out; they never make a file loadable.</summary>
    public IReadOnlyList<string> IgnoredPaths { get; init; } = [];

    /// <summary>Gets the lower-case hexadecimal digest of all of it.</summary>
    public string RootDigest => Convert.ToHexStringLower(SHA256.HashData(_digests));

    /// <summary>Gets the only file, by the name that stands for it, or <see langword="null"/>.</summary>
    public SignedFile? OneFile => Files is [{ Name: ResourceName.OneFile } only] ? only : null;

    public SignedFile? Find(string name)
    {
        var (low, high) = (0, Files.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(Files[middle].Name, name);
            if (order == 0)
            {
                return Files[middle];
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    public ReadOnlySpan<byte> DigestOf(SignedPiece piece) => _digests.AsSpan(piece.Digest * SHA256.HashSizeInBytes, SHA256.HashSizeInBytes);

    private static SignedFile[] Group(SignedPiece[] pieces)
    {
        var files = new List<SignedFile>();
        for (var from = 0; from < pieces.Length;)
        {
            var to = from + 1;
            while (to < pieces.Length && pieces[to].Name == pieces[from].Name)
            {
                to++;
            }

            files.Add(new SignedFile(pieces[from].Name, pieces.AsMemory(from, to - from)));
            from = to;
        }

        return [.. files];
    }
}
