using System.Text.Json.Serialization;

namespace SecureInference.Tool.Models.Encryption;

/// <summary>The JSON that programs read; names and shapes are a contract.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MadeModelKey))]
[JsonSerializable(typeof(WrittenModel))]
internal sealed partial class EncryptionJson : JsonSerializerContext;
