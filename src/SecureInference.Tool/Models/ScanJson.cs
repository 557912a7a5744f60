using System.Text.Json.Serialization;

namespace SecureInference.Tool.Models;

/// <summary>The JSON that programs read; names and shapes are a contract.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(InspectedModel))]
[JsonSerializable(typeof(ScannedModel))]
internal sealed partial class ScanJson : JsonSerializerContext;
