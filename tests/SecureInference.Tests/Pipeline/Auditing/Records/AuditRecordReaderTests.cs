using System.Text.Json;
using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Tests.Pipeline.Auditing.Records;

public sealed class AuditRecordReaderTests
{
    public static TheoryData<AuditRecordKind> Kinds => [.. Enum.GetValues<AuditRecordKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Read_WhatWasWritten_IsTheSame(AuditRecordKind kind)
    {
        var record = SomeRecords.Of(kind);

        var read = Read(AuditRecordEncoder.Encode(record), sequence: 7);

        Assert.Equal(Json(record with { Sequence = 7 }), Json(read));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Read_AnyByteChanged_IsRefusedOrWritesBackTheSame(AuditRecordKind kind)
    {
        var bytes = AuditRecordEncoder.Encode(SomeRecords.Of(kind));

        for (var index = 0; index < bytes.Length; index++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = bytes.ToArray();
                changed[index] ^= (byte)(1 << bit);
                AssertCanonical(changed);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Read_CutAnywhere_IsRefusedOrWritesBackTheSame(AuditRecordKind kind)
    {
        var bytes = AuditRecordEncoder.Encode(SomeRecords.Of(kind));

        for (var length = 0; length < bytes.Length; length++)
        {
            AssertCanonical(bytes[..length]);
        }

        AssertCanonical([.. bytes, 0]);
    }

    [Fact]
    public void Read_RandomBytes_NeverThrows()
    {
        var random = new Random(5);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[random.Next(0, 200)];
            random.NextBytes(bytes);
            if (bytes.Length > 1)
            {
                bytes[0] = AuditFormat.Schema;
                bytes[1] = (byte)random.Next(1, 12);
            }

            AssertCanonical(bytes);
        }
    }

    [Theory]
    [InlineData(new byte[] { 2, 4 }, "schema")]
    [InlineData(new byte[] { 1, 0 }, "kind")]
    [InlineData(new byte[] { 1, 12 }, "kind")]
    public void Read_AnotherSchemaOrKind_SaysSo(byte[] start, string problem)
    {
        var bytes = AuditRecordEncoder.Encode(SomeRecords.Of(AuditRecordKind.Gap));
        start.CopyTo(bytes, 0);

        Assert.Contains(problem, AuditRecordReader.TryRead(bytes, 0, out _), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1A0100" + "05", "1A0200" + "8500")]
    [InlineData("1A0100" + "05", "1A0000")]
    [InlineData("1A0100" + "05", "1A0500" + "05")]
    [InlineData("1A0100" + "05", "1A0B00" + "FFFFFFFFFFFFFFFFFFFF01")]
    [InlineData("1A0100" + "05", "1A0A00" + "FFFFFFFFFFFFFFFFFF01")]
    [InlineData("1A0100" + "05", "1A010005" + "1A010005")]
    [InlineData("1A0100" + "05", "1B0100" + "FF")]
    [InlineData("1A0100" + "05", "")]
    public void Read_NumberThatIsNotCanonical_IsRefused(string right, string wrong)
    {
        var bytes = AuditRecordEncoder.Encode(SomeRecords.Of(AuditRecordKind.Gap) with { Count = 5, Detail = null });
        Assert.EndsWith(right, Convert.ToHexString(bytes), StringComparison.Ordinal);

        var problem = AuditRecordReader.TryRead([.. bytes[..AuditFormat.HeaderBytes], .. Convert.FromHexString(wrong)], 0, out var record);

        Assert.NotNull(problem);
        Assert.Null(record);
    }

    private static void AssertCanonical(byte[] bytes)
    {
        var problem = AuditRecordReader.TryRead(bytes, 0, out var record);
        Assert.Equal(problem is null, record is not null);
        if (record is not null)
        {
            Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(AuditRecordEncoder.Encode(record)));
        }
    }

    private static AuditRecord Read(byte[] bytes, long sequence)
    {
        Assert.Null(AuditRecordReader.TryRead(bytes, sequence, out var record));
        return record!;
    }

    private static string Json(AuditRecord record)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            AuditRecordJson.Write(json, record);
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
