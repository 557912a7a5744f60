using SecureInference.Tool.Keys;

namespace SecureInference.Tool.Tests.Keys;

public sealed class KeyFieldsTests
{
    [Fact]
    public void FindOwnerProblem_LongestOwner_FindsNone()
    {
        var atLimit = KeyFields.FindOwnerProblem(new string('a', 128));
        var overLimit = KeyFields.FindOwnerProblem(new string('a', 129));

        Assert.Null(atLimit);
        Assert.Equal("The owner has 129 characters. Write at most 128.", overLimit);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\t")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("\e]0;title\a")]
    [InlineData("a\u007Fb")]
    [InlineData("a\u202Eb")]
    public void FindOwnerProblem_EmptyOrInvisible_FindsOne(string owner)
    {
        var problem = KeyFields.FindOwnerProblem(owner);

        Assert.NotNull(problem);
    }

    [Theory]
    [InlineData("gold", true)]
    [InlineData("A.b_c-9", true)]
    [InlineData("", false)]
    [InlineData("gold tier", false)]
    [InlineData("gold/../x", false)]
    [InlineData("größe", false)]
    public void FindTierProblem_OverNames_AllowsLettersDigitsAndThreeSigns(string tier, bool isRight)
    {
        var problem = KeyFields.FindTierProblem(tier);

        Assert.Equal(isRight, problem is null);
    }

    [Fact]
    public void FindTierProblem_LongestTier_FindsNone()
    {
        var atLimit = KeyFields.FindTierProblem(new string('a', 128));
        var overLimit = KeyFields.FindTierProblem(new string('a', 129));

        Assert.Null(atLimit);
        Assert.NotNull(overLimit);
    }

    [Theory]
    [InlineData("model:digits:infer", true)]
    [InlineData("model:*:read", true)]
    [InlineData("admin", true)]
    [InlineData("Admin", false)]
    [InlineData("model:digits", false)]
    [InlineData("model:digits:write", false)]
    [InlineData("model:a/b:infer", false)]
    [InlineData("model:a:infer model:b:infer", false)]
    public void FindScopeProblem_OverScopes_SaysHowToWriteOne(string scope, bool isRight)
    {
        var problem = KeyFields.FindScopeProblem(scope);

        Assert.Equal(isRight ? null : $"'{scope}' is not a scope. Write model:NAME:infer, model:NAME:read (NAME may be *), or admin.", problem);
    }
}
