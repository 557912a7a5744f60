using System.Text.Json;

namespace SecureInference.Aws.Tests;

/// <summary>One question as KMS got it.</summary>
internal sealed record KmsRequest(string Action, string? Authorization, JsonElement Body);
