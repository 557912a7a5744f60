using System.Text.Json;
using System.Text.Json.Serialization;

namespace SecureInference.Tool.Keys;

/// <summary>Writes a key's state by its name, in lower case.</summary>
internal sealed class KeyStateJsonConverter() : JsonStringEnumConverter<KeyState>(JsonNamingPolicy.CamelCase);
