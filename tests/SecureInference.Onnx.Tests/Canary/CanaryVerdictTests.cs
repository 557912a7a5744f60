using SecureInference.Onnx.Canary;

namespace SecureInference.Onnx.Tests.Canary;

public sealed class CanaryVerdictTests
{
    public static TheoryData<string> Outcomes => [.. Enum.GetNames<CanaryOutcome>()];

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void TryRead_WhatWasWritten_IsTheSame(string outcome)
    {
        var verdict = new CanaryVerdict(Enum.Parse<CanaryOutcome>(outcome), "Models:x: 'ä' is wrong. Do this.");

        Assert.Equal(verdict, CanaryVerdict.TryRead(verdict.Write("nonce"), "nonce"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonce")]
    [InlineData("nonce Passed")]
    [InlineData("other Passed ")]
    [InlineData("nonce 7 ")]
    [InlineData("nonce Perhaps ")]
    [InlineData("nonce Refused %%%")]
    [InlineData(" nonce Passed ")]
    public void TryRead_AnythingElse_IsNone(string line) => Assert.Null(CanaryVerdict.TryRead(line, "nonce"));

    [Fact]
    public void TryRead_LongMessageOfSeveralLines_IsOneShortLine()
    {
        var line = new CanaryVerdict(CanaryOutcome.Refused, "a\nb\u001b[31m" + new string('x', 10_000)).Write("nonce");

        var message = CanaryVerdict.TryRead(line, "nonce")!.Message;

        Assert.StartsWith("a b [31m", message, StringComparison.Ordinal);
        Assert.Equal(2000, message.Length);
    }

    [Fact]
    public void PassedModels_MoreThanFit_ForgetTheOldest()
    {
        var passed = new PassedModels();

        for (var index = 0; index < 1025; index++)
        {
            passed.Add($"{index}");
        }

        Assert.False(passed.Contains("0"));
        Assert.True(passed.Contains("1"));
        Assert.True(passed.Contains("1024"));
    }
}
