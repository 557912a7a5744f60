namespace SecureInference.IntegrationTests.Load;

/// <summary>Says how long a long test runs: in full with <c>./test.sh --soak</c>, in a short form otherwise.</summary>
internal static class Soak
{
    public static bool IsAsked => Environment.GetEnvironmentVariable("SECUREINFERENCE_SOAK") == "1";

    public static int Times(int shortly, int fully) => IsAsked ? fully : shortly;
}
