namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>One signature of a note: who claims to have made it, and its bytes.</summary>
internal sealed record NoteSignature(string Name, uint KeyId, byte[] Signature);
