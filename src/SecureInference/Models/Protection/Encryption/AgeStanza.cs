namespace SecureInference.Models.Protection.Encryption;

/// <summary>One recipient's part of the header: the file key, wrapped in a way that the type names.</summary>
/// <param name="Type">The first argument.</param>
/// <param name="Arguments">The arguments after the type.</param>
/// <param name="Body">The wrapped file key.</param>
internal sealed record AgeStanza(string Type, IReadOnlyList<string> Arguments, byte[] Body);
