using System.Text.Json.Serialization;

namespace SecureInference.Tool.Models;

/// <summary>The JSON that programs read; names and shapes are a contract.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SignedModel))]
[JsonSerializable(typeof(VerifiedModel))]
[JsonSerializable(typeof(MadeModelKey))]
internal sealed partial class ModelJson : JsonSerializerContext;
