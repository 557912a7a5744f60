using SecureInference.Tool.Keys;

namespace SecureInference.Tool.Tests.Keys;

public sealed class KeyExpiryTests
{
    private static readonly DateTimeOffset Now = ToolFixture.Start;

    [Theory]
    [InlineData("90d", "2026-12-31T12:30:15Z")]
    [InlineData("1d", "2026-10-03T12:30:15Z")]
    [InlineData("12h", "2026-10-03T00:30:15Z")]
    [InlineData("1h", "2026-10-02T13:30:15Z")]
    [InlineData("007d", "2026-10-09T12:30:15Z")]
    [InlineData("2026-10-03", "2026-10-03T00:00:00Z")]
    [InlineData("2028-02-29", "2028-02-29T00:00:00Z")]
    [InlineData("9999-12-31", "9999-12-31T00:00:00Z")]
    public void TryParse_TimeToCome_ReturnsTheInstant(string text, string expected)
    {
        var isRight = KeyExpiry.TryParse(text, Now, out var expires, out _);

        Assert.True(isRight);
        Assert.Equal(DateTimeOffset.Parse(expected, null), expires);
    }

    [Fact]
    public void TryParse_Never_ReturnsNoInstant()
    {
        var isRight = KeyExpiry.TryParse("never", Now, out var expires, out var problem);

        Assert.True(isRight);
        Assert.Null(expires);
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("90")]
    [InlineData("90m")]
    [InlineData("90D")]
    [InlineData("9 0d")]
    [InlineData("-1d")]
    [InlineData("+1d")]
    [InlineData("1.5d")]
    [InlineData("١d")]
    [InlineData("Never")]
    [InlineData("2026-2-29")]
    [InlineData("2027-02-29")]
    [InlineData("31.12.2026")]
    [InlineData("2026-12-31T00:00:00Z")]
    public void TryParse_NoExpiry_SaysHowToWriteOne(string text)
    {
        var isRight = KeyExpiry.TryParse(text, Now, out _, out var problem);

        Assert.False(isRight);
        Assert.Equal($"'{text}' is not an expiry. Write a number of days (90d) or hours (12h), a date (2026-12-31), or never.", problem);
    }

    [Theory]
    [InlineData("0d")]
    [InlineData("0h")]
    [InlineData("2026-10-02")]
    [InlineData("2020-01-01")]
    public void TryParse_NotInTheFuture_SaysSo(string text)
    {
        var isRight = KeyExpiry.TryParse(text, Now, out _, out var problem);

        Assert.False(isRight);
        Assert.Contains("is not in the future", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_LastHourOfTheCalendar_IsTheLimit()
    {
        var hours = (long)(DateTimeOffset.MaxValue - Now).TotalHours;

        var isInside = KeyExpiry.TryParse($"{hours}h", Now, out _, out _);
        var isOutside = KeyExpiry.TryParse($"{hours + 1}h", Now, out _, out var problem);

        Assert.True(isInside);
        Assert.False(isOutside);
        Assert.Contains("further away than the calendar reaches", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_NumberBeyondAnyInteger_IsTooFarAway()
    {
        var isRight = KeyExpiry.TryParse(new string('9', 400) + "d", Now, out _, out var problem);

        Assert.False(isRight);
        Assert.Contains("further away than the calendar reaches", problem, StringComparison.Ordinal);
    }
}
