namespace SecureInference.Models.Protection.Signing;

/// <summary>A piece of a file, whose hash is signed.</summary>
/// <param name="Name">The file.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends, or <see cref="ToTheEnd"/>.</param>
/// <param name="Digest">Which of the digests is its own.</param>
internal readonly record struct SignedPiece(string Name, long Start, long End, int Digest)
{
    public const long ToTheEnd = -1;
}
