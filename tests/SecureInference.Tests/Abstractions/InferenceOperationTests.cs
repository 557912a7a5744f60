namespace SecureInference.Tests.Abstractions;

public sealed class InferenceOperationTests
{
    public static TheoryData<InferenceOperation> All => [.. Enum.GetValues<InferenceOperation>()];

    [Theory]
    [MemberData(nameof(All))]
    public void ScopeOn_EveryOperation_IsTheScopeThatAllowsIt(InferenceOperation operation)
    {
        if (operation is InferenceOperation.Health or InferenceOperation.Discover)
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => operation.ScopeOn("m"));
            return;
        }

        Assert.True(ScopeSet.TryParse([operation.ScopeOn("m")], out var scopes, out _));

        Assert.True(scopes.Allows(operation, "m"));
        Assert.False(ScopeSet.TryParse([], out var none, out _) && none.Allows(operation, "m"));
    }
}
