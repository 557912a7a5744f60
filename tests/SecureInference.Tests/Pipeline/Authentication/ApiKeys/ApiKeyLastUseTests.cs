using Microsoft.Extensions.Options;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tests.Pipeline.Authentication.ApiKeys;

public sealed class ApiKeyLastUseTests
{
    private static readonly DateTimeOffset Noon = new(2026, 10, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Note_NotYet_HasNoHour() => Assert.Null(new ApiKeyLastUse().Hour);

    [Theory]
    [InlineData(0, 12)]
    [InlineData(59, 12)]
    [InlineData(60, 13)]
    [InlineData(-1, 11)]
    public void Note_AnyMinute_IsItsHour(int minutes, int hour)
    {
        var sut = new ApiKeyLastUse();

        sut.Note(Noon.AddMinutes(minutes).ToOffset(TimeSpan.FromMinutes(90)));

        Assert.Equal(new DateTimeOffset(2026, 10, 2, hour, 0, 0, TimeSpan.Zero), sut.Hour);
    }

    [Fact]
    public void Note_ClockGoesBack_KeepsTheLatest()
    {
        var sut = new ApiKeyLastUse();

        sut.Note(Noon);
        sut.Note(Noon.AddHours(-5));

        Assert.Equal(Noon, sut.Hour);
    }

    [Fact]
    public void Get_NobodyAskedForIt_KeepsNothing() => Assert.Null(new ApiKeyLastUses(Options.Create(new ApiKeyOptions())).Get("a"));

    [Fact]
    public void Get_Twice_IsTheSame()
    {
        var sut = new ApiKeyLastUses(Options.Create(new ApiKeyOptions { LastUseFile = "uses.json" }));

        sut.Get("a")!.Note(Noon);
        sut.Get("b");

        Assert.Same(sut.Get("a"), sut.Get("a"));
        Assert.Equal(Noon, Assert.Single(sut.Snapshot()).Value);
    }
}
