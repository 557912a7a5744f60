using SecureInference.Pipeline.Auditing.Queue;
using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Tests.Pipeline.Auditing.Queue;

public sealed class AuditQueueTests : IDisposable
{
    private const int Reservation = AuditFormat.MaxRecordBytes + RecordBlock.EntryHeaderBytes;
    private readonly AuditQueue _queue = new(maxRecords: 1_000_000, maxBytes: 10 * Reservation);

    public void Dispose() => _queue.Dispose();

    [Fact]
    public void TryReserve_BytesAreUsedUp_RefusesAlsoWhereRecordsAreNot()
    {
        Assert.True(_queue.TryReserve(10));

        Assert.False(_queue.TryReserve(1));
        _queue.Release(1);
        Assert.True(_queue.TryReserve(1));
    }

    [Fact]
    public void Append_Record_StandsForItsTrueSizeFromThenOn()
    {
        var held = 0;
        for (; _queue.TryReserve(1); held++)
        {
            _queue.Append(new byte[100]);
        }

        Assert.InRange(held, 9 * Reservation / 112, 10 * Reservation / 112);
    }

    [Fact]
    public void Free_EverythingTaken_MakesAllTheRoomAgain()
    {
        var blocks = new List<RecordBlock>();
        for (var round = 0; round < 100; round++)
        {
            while (_queue.TryReserve(1))
            {
                _queue.Append(new byte[100]);
            }

            _queue.Take(blocks);
            blocks.ForEach(_queue.Free);
            blocks.Clear();
        }

        Assert.True(_queue.TryReserve(10));
        Assert.False(_queue.TryReserve(1));
    }

    [Fact]
    public void Take_MoreThanABlock_GivesTheRecordsInTheirOrder()
    {
        using var queue = new AuditQueue(1_000_000, 1 << 30);
        var blocks = new List<RecordBlock>();
        for (var index = 0; index < 10_000; index++)
        {
            queue.TryReserve(1);
            queue.Append(BitConverter.GetBytes(index));
        }

        var last = queue.Take(blocks);

        Assert.Equal(10_000, last);
        Assert.Equal(Enumerable.Range(0, 10_000), blocks.SelectMany(Numbers));
    }

    [Fact]
    public void Take_MoreThanIsWrittenAtOnce_GivesPartsInOrderAndTheTicketOfEach()
    {
        const int Records = 50_000;
        using var queue = new AuditQueue(1_000_000, 1 << 30);
        for (var index = 0; index < Records; index++)
        {
            queue.TryReserve(1);
            queue.Append(Record(index));
        }

        var numbers = new List<int>();
        var takes = 0;
        for (var last = 0L; last < Records; takes++)
        {
            var blocks = new List<RecordBlock>();
            last = queue.Take(blocks);
            numbers.AddRange(blocks.SelectMany(Numbers));
            Assert.Equal(numbers.Count, last);
        }

        Assert.InRange(takes, 2, 10);
        Assert.Equal(Enumerable.Range(0, Records), numbers);
    }

    [Fact]
    public void Append_RushAfterRush_AllocatesNothing()
    {
        const int Records = 50_000;
        using var queue = new AuditQueue(1_000_000, 1 << 30);
        var blocks = new List<RecordBlock>();
        var record = Record(1);
        Rush();
        var before = GC.GetAllocatedBytesForCurrentThread();

        Rush();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Rush()
        {
            for (var index = 0; index < Records; index++)
            {
                queue.TryReserve(1);
                queue.Append(record);
            }

            for (var taken = queue.Tickets - Records; taken < queue.Tickets; taken = queue.Take(blocks))
            {
            }

            blocks.ForEach(queue.Free);
            blocks.Clear();
        }
    }

    [Fact]
    public void Trim_AfterARush_LetsGoOfItsMemory()
    {
        using var queue = new AuditQueue(1_000_000, 1 << 30);
        var blocks = Enumerable.Range(0, 200).Select(_ => queue.RentBlock()).ToList();
        blocks.ForEach(queue.Free);

        queue.Trim();

        Assert.InRange(Enumerable.Range(0, 200).Select(_ => queue.RentBlock()).Intersect(blocks).Count(), 1, 64);
    }

    [Fact]
    public void Wait_NothingQueued_EndsWithTheTime() => Assert.False(_queue.Wait(TimeSpan.FromMilliseconds(1), forBlock: false));

    [Fact]
    public async Task Wait_RecordComes_EndsAtOnce()
    {
        var waiter = Task.Factory.StartNew(
            () => _queue.Wait(TimeSpan.FromMinutes(5), forBlock: false), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        _queue.TryReserve(1);
        _queue.Append(new byte[10]);

        Assert.True(await waiter.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken));
    }

    private static byte[] Record(int number) => [.. BitConverter.GetBytes(number), .. new byte[296]];

    private static IEnumerable<int> Numbers(RecordBlock block)
    {
        for (var (index, place) = (0, 0); index < block.Count; index++)
        {
            yield return BitConverter.ToInt32(block.Read(ref place, out _));
        }
    }
}
