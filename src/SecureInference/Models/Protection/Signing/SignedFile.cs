namespace SecureInference.Models.Protection.Signing;

/// <summary>A file that is signed.</summary>
/// <param name="Name">Its path from the model's folder, or <see cref="ResourceName.OneFile"/>.</param>
/// <param name="Pieces">Its pieces, in order, from the beginning to the end.</param>
internal readonly record struct SignedFile(string Name, ReadOnlyMemory<SignedPiece> Pieces);
