using SecureInference.Pipeline.Auditing;
using SecureInference.Tool.Audit;

namespace SecureInference.Tool.Tests.Audit;

public sealed class UsageReportTests
{
    [Fact]
    public void Add_MoreCallersThanThereIsRoomFor_AddsThemToTheOthers()
    {
        var report = new UsageReport(maxCells: 3);
        for (var number = 0; number < 1_000; number++)
        {
            report.Add(AuditFixture.Decision(AuditFixture.Id(number), caller: AuditFixture.Id(number)));
        }

        var groups = report.Group(UsageGrouping.CallerAndModel, byDay: false);

        Assert.Equal(4, report.Cells.Count);
        Assert.Equal((true, 997), (groups[^1].Key.IsOthers, groups[^1].Value.Requests));
        Assert.Equal(1_000, report.Total().Requests);
    }

    [Fact]
    public void Add_MoreDaysThanAnyLogHas_IsBounded()
    {
        var report = new UsageReport(maxCells: 3);
        for (var day = 0; day < 10_000; day++)
        {
            report.Add(AuditFixture.Decision(AuditFixture.Id(day), time: ToolFixture.Start.AddDays(day)));
        }

        Assert.InRange(report.Cells.Count, 4, 4_004);
        Assert.Equal(10_000, report.Total().Requests);
    }

    [Fact]
    public void Add_CallerThatIsCalledOthers_IsToldFromTheOthers()
    {
        var report = new UsageReport(maxCells: 1);
        report.Add(AuditFixture.Decision(AuditFixture.Id(0), caller: "(others)"));
        report.Add(AuditFixture.Decision(AuditFixture.Id(1), caller: "second"));

        Assert.Equal([false, true], report.Group(UsageGrouping.Caller, byDay: false).Select(static group => group.Key.IsOthers));
    }

    [Fact]
    public void Add_OutcomeThatAmendsAnother_CountsTheRequestOnce()
    {
        var report = new UsageReport();
        report.Add(AuditFixture.Decision());
        report.Add(AuditFixture.Outcome());
        report.Add(AuditFixture.Outcome(status: 499));

        var total = report.Total();

        Assert.Equal((1, 0, 1, 0), (total.Requests, total.Answered, total.Abandoned, total.Open));
        Assert.Equal((0, 3), (total.Rows, total.Cost));
    }

    [Fact]
    public void Add_DecisionWithoutAnOutcome_IsOpen()
    {
        var report = new UsageReport();
        report.Add(AuditFixture.Decision());

        Assert.Equal(1, report.Total().Open);
    }

    [Fact]
    public void Add_RulesWithoutEnd_AreBounded()
    {
        var report = new UsageReport();
        for (var number = 0; number < 500; number++)
        {
            report.Add(AuditFixture.Decision(AuditFixture.Id(number), rule: AuditFixture.Id(number)));
        }

        Assert.Equal((33, 500), (report.Total().Rules.Count, report.Total().Rules.Values.Sum()));
    }

    [Fact]
    public void Add_NumbersBeyondAllMeasure_StopAtTheLargest()
    {
        var report = new UsageReport();
        var outcome = AuditFixture.Outcome() with { Cost = long.MaxValue, Outputs = [new AuditTensor("y", TensorDataType.Float32, [1], long.MaxValue), new AuditTensor("z", TensorDataType.Float32, [1], 9)] };
        report.Add(outcome);
        report.Add(outcome with { RequestId = AuditFixture.Id(8) });

        Assert.Equal((long.MaxValue, long.MaxValue), (report.Total().Cost, report.Total().BytesOut));
    }

    [Fact]
    public void Percentile_ManyTimes_IsWithinSixPercent()
    {
        var histogram = new DurationHistogram();
        for (var microseconds = 1; microseconds <= 100_000; microseconds++)
        {
            histogram.Add(TimeSpan.FromMicroseconds(microseconds));
        }

        foreach (var share in (double[])[0.01, 0.5, 0.95, 0.99])
        {
            Assert.InRange(histogram.Percentile(share)!.Value.TotalMicroseconds, share * 100_000 * 0.94, share * 100_000 * 1.06);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void Percentile_TimesNoClockShows_AreKept(long ticks)
    {
        var histogram = new DurationHistogram();
        histogram.Add(TimeSpan.FromTicks(ticks));

        Assert.NotNull(histogram.Percentile(0.5));
    }
}
