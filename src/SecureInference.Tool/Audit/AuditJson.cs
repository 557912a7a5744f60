using System.Text.Json.Serialization;

namespace SecureInference.Tool.Audit;

/// <summary>The JSON that programs read; names and shapes are a contract.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(VerifiedLog))]
[JsonSerializable(typeof(WrittenProof))]
[JsonSerializable(typeof(ExportedLog))]
[JsonSerializable(typeof(ExportedCheckpoint))]
[JsonSerializable(typeof(UsageSummary))]
internal sealed partial class AuditJson : JsonSerializerContext;
