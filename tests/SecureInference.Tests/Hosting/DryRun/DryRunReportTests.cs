using Microsoft.Extensions.Options;
using SecureInference.Hosting.DryRun;

namespace SecureInference.Tests.Hosting.DryRun;

public sealed class DryRunReportTests
{
    [Fact]
    public void ExitCode_NoProblem_IsFine() => Assert.Equal(0, new DryRunReport { Warnings = ["w"] }.ExitCode);

    [Fact]
    public void ExitCode_FilesThatCannotBeRead_IsFileTrouble()
    {
        var sut = new DryRunReport();

        sut.Add(new InvalidOperationException("store", new FileNotFoundException()));
        sut.Add(new ModelLoadException("model", new UnauthorizedAccessException()));

        Assert.Equal(3, sut.ExitCode);
    }

    [Fact]
    public void ExitCode_OneProblemThatIsKnown_IsFailed()
    {
        var sut = new DryRunReport();

        sut.Add(new InvalidOperationException("store", new FileNotFoundException()));
        sut.Add(new InvalidOperationException("list", new InvalidDataException()));

        Assert.Equal(1, sut.ExitCode);
    }

    [Fact]
    public void Add_SeveralFailures_KeepsEachOnce()
    {
        var sut = new DryRunReport();

        sut.Add(new AggregateException(
            new OptionsValidationException("", typeof(object), ["a", "b"]), new AggregateException(new OptionsValidationException("", typeof(object), ["b", "c"]))));
        sut.Add("a");

        Assert.Equal(["a", "b", "c"], sut.Problems.Select(static problem => problem.Text));
    }
}
