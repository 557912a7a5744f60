using System.Text.Json.Serialization;

namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>All that every version of the key store file has in common.</summary>
internal sealed record ApiKeyFileVersion(int? Version);

/// <summary>Reads the version of a store that may be of another one.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ApiKeyFileVersion))]
internal sealed partial class ApiKeyFileVersionJson : JsonSerializerContext;
