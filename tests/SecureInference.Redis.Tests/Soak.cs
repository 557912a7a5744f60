namespace SecureInference.Redis.Tests;

/// <summary>Says how long a long test runs: in full with <c>./test.sh --soak</c>, in a short form otherwise.</summary>
internal static class Soak
{
    public static bool IsAsked => Environment.GetEnvironmentVariable("SECUREINFERENCE_SOAK") == "1";

    public static TimeSpan For(double shortly, double fully) => TimeSpan.FromSeconds(IsAsked ? fully : shortly);
}
