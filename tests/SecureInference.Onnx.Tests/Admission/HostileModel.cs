namespace SecureInference.Onnx.Tests.Admission;

/// <summary>A model that must be refused.</summary>
/// <param name="Name">What is hostile about it.</param>
/// <param name="Rule">The rule that refuses it.</param>
/// <param name="Build">Makes its bytes.</param>
internal sealed record HostileModel(string Name, string Rule, Func<byte[]> Build)
{
    public static IReadOnlyList<HostileModel> All { get; } =
        [.. HostileStructures.All, .. HostileOperators.All, .. HostileTensors.All, .. HostileExternals.All, .. HostileCosts.All];
}
