namespace SecureInference.Tool.Models.Encryption;

/// <summary>What the commands that write a model print with <c>--json</c>.</summary>
internal sealed record WrittenModel(string File, long Bytes, int? Recipients);
