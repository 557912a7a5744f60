namespace SecureInference;

/// <summary>How a shared bucket stood after a take; only the store that wrote it reads it.</summary>
/// <param name="Time">When it was, by the store's clock.</param>
/// <param name="Missing">What was missing in the bucket after the take.</param>
/// <param name="GivenBack">What had been given back to the bucket in all until then.</param>
internal readonly record struct SharedReceipt(long Time, double Missing, double GivenBack);
