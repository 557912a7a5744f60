using System.Text.Json.Serialization;

namespace SecureInference.Tool.Keys;

/// <summary>The JSON that programs read; names and shapes are a contract.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(KeyStateJsonConverter)])]
[JsonSerializable(typeof(CreatedKey))]
[JsonSerializable(typeof(ListedKey))]
[JsonSerializable(typeof(IReadOnlyList<ListedKey>))]
[JsonSerializable(typeof(RevokedKey))]
[JsonSerializable(typeof(RevokedKeys))]
[JsonSerializable(typeof(SealedStore))]
[JsonSerializable(typeof(MadePepper))]
internal sealed partial class KeysJson : JsonSerializerContext;
