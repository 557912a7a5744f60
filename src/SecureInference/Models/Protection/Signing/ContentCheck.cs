using System.Security.Cryptography;

namespace SecureInference.Models.Protection.Signing;

/// <summary>Compares bytes with what is signed, all processors at once.</summary>
internal static class ContentCheck
{
    /// <param name="manifest">What is signed.</param>
    /// <param name="files">The files, and the bytes that were found for them; with the hash, where it is known already.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SignatureRefusedException">A file is not the one that is signed; the message names it.</exception>
    public static void Require(SignedManifest manifest, IReadOnlyList<(SignedFile File, byte[] Bytes, byte[]? Hash)> files, CancellationToken cancellationToken)
    {
        var work = new List<(SignedPiece Piece, ReadOnlyMemory<byte> Bytes)>();
        foreach (var (file, bytes, hash) in files)
        {
            var pieces = file.Pieces.Span;
            if (hash is not null && pieces is [var whole] && (whole.End == SignedPiece.ToTheEnd || whole.End == bytes.Length))
            {
                RequireSame(manifest, whole, hash);
                continue;
            }

            RequireLength(file, bytes.Length);
            foreach (var piece in pieces)
            {
                work.Add((piece, bytes.AsMemory((int)piece.Start, (int)((piece.End == SignedPiece.ToTheEnd ? bytes.Length : piece.End) - piece.Start))));
            }
        }

        var wrong = new SignedPiece?[work.Count];
        Parallel.For(0, work.Count, new ParallelOptions { CancellationToken = cancellationToken }, index =>
        {
            Span<byte> found = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(work[index].Bytes.Span, found);
            wrong[index] = found.SequenceEqual(manifest.DigestOf(work[index].Piece)) ? null : work[index].Piece;
        });
        if (Array.Find(wrong, static piece => piece is not null) is { } other)
        {
            throw Differs(other.Name);
        }
    }

    /// <summary>Makes sure that the pieces cover a file to its end.</summary>
    /// <exception cref="SignatureRefusedException">They do not.</exception>
    public static void RequireLength(SignedFile file, long length)
    {
        if (file.Pieces.Span[^1].End is var end && end != SignedPiece.ToTheEnd && end != length)
        {
            throw new SignatureRefusedException($"it signs {end} bytes of the file '{file.Name}', which has {length}. Copy the file again, or sign the model again");
        }
    }

    /// <exception cref="SignatureRefusedException">It is another.</exception>
    public static void RequireSame(SignedManifest manifest, SignedPiece piece, ReadOnlySpan<byte> hash)
    {
        if (!hash.SequenceEqual(manifest.DigestOf(piece)))
        {
            throw Differs(piece.Name);
        }
    }

    private static SignatureRefusedException Differs(string name) =>
        new($"the file '{name}' is not the one that was signed. Copy the file and its signature again, or sign the model again");
}
