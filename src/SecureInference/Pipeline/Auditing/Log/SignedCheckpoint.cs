namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>A checkpoint as it was signed.</summary>
/// <param name="Checkpoint">What it says.</param>
/// <param name="Note">The signed note, in UTF-8.</param>
internal sealed record SignedCheckpoint(Checkpoint Checkpoint, byte[] Note)
{
    public long Size => Checkpoint.Size;

    public static SignedCheckpoint Sign(Checkpoint checkpoint, SigningKey key) => new(checkpoint, SignedNote.Write(checkpoint.Text, checkpoint.Origin, key));

    /// <summary>Reads a checkpoint without checking its signatures; <see langword="null"/> where it is none.</summary>
    public static SignedCheckpoint? TryParse(ReadOnlySpan<byte> note) =>
        SignedNote.TryParse(note) is { } signed && Checkpoint.TryParse(signed.Text) is { } checkpoint ? new SignedCheckpoint(checkpoint, note.ToArray()) : null;

    /// <summary>Says whether a key signed it; <see langword="null"/> where no signature claims to be the key's.</summary>
    public bool? IsSignedBy(CheckpointKey key) => SignedNote.TryParse(Note)?.IsSignedBy(key, Checkpoint.Origin);
}
