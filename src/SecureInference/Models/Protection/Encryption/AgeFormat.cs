namespace SecureInference.Models.Protection.Encryption;

/// <summary>The fixed words and sizes of an age v1 file, and how much of each a reader takes.</summary>
internal static class AgeFormat
{
    public const int FileKeySize = 16;
    public const int KeySize = 32;
    public const int TagSize = 16;

    /// <summary>The nonce that the payload's key is derived with; it stands before the first chunk.</summary>
    public const int PayloadNonceSize = 16;
    public const int ChunkSize = 64 * 1024;
    public const int SealedChunkSize = ChunkSize + TagSize;

    /// <summary>A wrapped file key of the native kinds: no other length is decrypted, so that one body cannot hold keys for several recipients.</summary>
    public const int SealedFileKeySize = FileKeySize + TagSize;

    public const int ColumnsPerLine = 64;

    // Each stanza costs a key agreement per identity, and what is in the file is a stranger's until it is authenticated.
    public const int MaxStanzas = 128;
    public const int MaxLineLength = 8 * 1024;
    public const int MaxHeaderLength = 256 * 1024;

    public static ReadOnlySpan<byte> Family => "age-encryption.org/"u8;

    public static ReadOnlySpan<byte> VersionLine => "age-encryption.org/v1"u8;

    public static ReadOnlySpan<byte> StanzaPrefix => "-> "u8;

    public static ReadOnlySpan<byte> MacPrefix => "---"u8;
}
