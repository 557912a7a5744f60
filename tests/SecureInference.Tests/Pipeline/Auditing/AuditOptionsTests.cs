using SecureInference.Pipeline.Auditing;

namespace SecureInference.Tests.Pipeline.Auditing;

public sealed class AuditOptionsTests
{
    public static TheoryData<string, Action<AuditOptions>> Wrong => new()
    {
        { "Audit:Directory is empty", static options => options.Directory = " " },
        { "Audit:QueueCapacity is 1", static options => options.QueueCapacity = 1 },
        { "Audit:QueueBytes is 1000", static options => options.QueueBytes = 1000 },
        { "Audit:PayloadQueueBytes is 1000", static options => options.PayloadQueueBytes = 1000 },
        { "Audit:CommitTimeout is 00:00:00", static options => options.CommitTimeout = TimeSpan.Zero },
        { "Audit:RefusalInterval is 02:00:00", static options => options.RefusalInterval = TimeSpan.FromHours(2) },
        { "Audit:CommitInterval is 00:00:00.0010000", static options => options.CommitInterval = TimeSpan.FromMilliseconds(1) },
        { "Audit:CommitInterval is 00:00:02", static options => options.CommitInterval = TimeSpan.FromSeconds(2) },
        { "Audit:CheckpointInterval is 00:00:00", static options => options.CheckpointInterval = TimeSpan.Zero },
        { "Audit:CheckpointRecords is 0", static options => options.CheckpointRecords = 0 },
        { "Audit:SegmentBytes is 10", static options => options.SegmentBytes = 10 },
        { "Audit:SegmentAge is 00:00:01", static options => options.SegmentAge = TimeSpan.FromSeconds(1) },
        { "Audit:KeepFor is 00:00:01", static options => options.KeepFor = TimeSpan.FromSeconds(1) },
        { "Audit:PreviousKeyFile is set", static options => options.PreviousKeyFile = "old.pem" },
        { "Audit:OmitFields names 'Caller'", static options => options.OmitFields = ["Caller"] },
        { "name one folder", static options => options.CopyDirectory = "./audit" },
        {
            "Audit:PayloadDirectory is empty", static options =>
            {
                options.Payloads = AuditPayloads.Stored;
                options.PayloadDirectory = "";
            }
        },
    };

    [Fact]
    public void Problems_Defaults_AreNone() => Assert.Empty(new AuditOptions().Problems());

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Problems_WrongValue_SaysWhatToWrite(string problem, Action<AuditOptions> change)
    {
        var options = new AuditOptions();
        change(options);

        var said = Assert.Single(options.Problems());

        Assert.Contains(problem, said, StringComparison.Ordinal);
        Assert.Matches("Write|Give", said);
    }
}
