namespace SecureInference.Tests.Abstractions;

public sealed class ScopeSetTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("*")]
    [InlineData("Admin")]
    [InlineData("admin ")]
    [InlineData("admin:infer")]
    [InlineData("model")]
    [InlineData("model:digits")]
    [InlineData("model::infer")]
    [InlineData("model:digits:")]
    [InlineData("model:digits:Infer")]
    [InlineData("model:digits:admin")]
    [InlineData("model:digits:*")]
    [InlineData("model:digits:infer:read")]
    [InlineData("model:digits:infer ")]
    [InlineData("Model:digits:infer")]
    [InlineData("model:dig*:infer")]
    [InlineData("model:**:infer")]
    [InlineData("model:..:infer")]
    [InlineData("model:a/b:infer")]
    [InlineData("model:digits:infer model:other:infer")]
    public void TryParse_MalformedScope_NamesItAndSaysHowToWriteOne(string scope)
    {
        var isParsed = ScopeSet.TryParse(["model:digits:infer", scope], out var set, out var problem);

        Assert.False(isParsed);
        Assert.Null(set);
        Assert.Equal($"'{scope}' is not a scope. Write model:NAME:infer, model:NAME:read (NAME may be *), or admin.", problem);
    }

    [Theory]
    [InlineData("model:digits:infer", InferenceOperation.Infer, "digits", true)]
    [InlineData("model:digits:infer", InferenceOperation.Read, "digits", true)]
    [InlineData("model:digits:infer", InferenceOperation.Infer, "Digits", false)]
    [InlineData("model:digits:infer", InferenceOperation.Infer, "digits2", false)]
    [InlineData("model:digits:infer", InferenceOperation.Infer, null, false)]
    [InlineData("model:digits:infer", InferenceOperation.Admin, "digits", false)]
    [InlineData("model:digits:read", InferenceOperation.Read, "digits", true)]
    [InlineData("model:digits:read", InferenceOperation.Infer, "digits", false)]
    [InlineData("model:*:infer", InferenceOperation.Infer, "digits", true)]
    [InlineData("model:*:infer", InferenceOperation.Read, "anything", true)]
    [InlineData("model:*:infer", InferenceOperation.Admin, null, false)]
    [InlineData("model:*:read", InferenceOperation.Read, "digits", true)]
    [InlineData("model:*:read", InferenceOperation.Infer, "digits", false)]
    [InlineData("admin", InferenceOperation.Admin, null, true)]
    [InlineData("admin", InferenceOperation.Read, "digits", false)]
    [InlineData("admin", InferenceOperation.Infer, "digits", false)]
    [InlineData("admin", InferenceOperation.Discover, null, true)]
    [InlineData("model:digits:read", InferenceOperation.Health, null, true)]
    public void Allows_OneScope_IsWhatItSays(string scope, InferenceOperation operation, string? model, bool expected) =>
        Assert.Equal(expected, Some.Scopes(scope).Allows(operation, model));

    [Fact]
    public void Allows_SeveralScopes_AddUpPerModel()
    {
        var scopes = Some.Scopes("model:*:read", "model:digits:infer", "model:digits:read", "admin");

        Assert.True(scopes.Allows(InferenceOperation.Infer, "digits"));
        Assert.True(scopes.Allows(InferenceOperation.Read, "other"));
        Assert.False(scopes.Allows(InferenceOperation.Infer, "other"));
        Assert.True(scopes.Allows(InferenceOperation.Admin, null));
    }

    [Theory]
    [InlineData("model:digits:read", "digits", true)]
    [InlineData("model:digits:infer", "digits", true)]
    [InlineData("model:*:read", "digits", true)]
    [InlineData("model:digits:read", "other", false)]
    [InlineData("admin", "digits", false)]
    public void Sees_OneScope_AnyRightOnTheModelIsEnough(string scope, string model, bool expected) =>
        Assert.Equal(expected, Some.Scopes(scope).Sees(model));

    [Fact]
    public void Allows_NoScopes_NothingButDiscovery()
    {
        var none = Some.Scopes();

        var allowed = Enum.GetValues<InferenceOperation>().Where(operation => none.Allows(operation, "digits"));

        Assert.Equal([InferenceOperation.Health, InferenceOperation.Discover], allowed);
    }

    [Fact]
    public void Allows_UnknownOperation_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Some.Scopes("admin").Allows((InferenceOperation)99, "digits"));

    [Fact]
    public void Scopes_ListThatChangesLater_StaysAsGranted()
    {
        string[] list = ["model:digits:read"];
        var scopes = Some.Scopes(list);

        list[0] = "admin";

        Assert.Equal(["model:digits:read"], scopes.Scopes);
    }
}
