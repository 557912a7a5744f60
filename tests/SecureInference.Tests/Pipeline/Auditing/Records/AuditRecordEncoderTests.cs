using System.Security.Cryptography;
using System.Text;
using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Tests.Pipeline.Auditing.Records;

public sealed class AuditRecordEncoderTests
{
    [Theory]
    [InlineData(AuditRecordKind.Decision, "0101408fc16cc5d2ec180110000123456789abcdefffffffffffffffff0210000af7651916cd43dd8448eb211c80319c03040073686f700402006b37051100436c69656e744365727469666963617465062000a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b207040004cb0071080400cb007107090100040a06006469676974730b0100320c2000a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b20d0100010e07006e6f745f72756e101600030500696d6167650b0202900680310200ceb10d0004122000a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2")]
    [InlineData(AuditRecordKind.Outcome, "0102408fc16cc5d2ec180110000123456789abcdefffffffffffffffff0210000af7651916cd43dd8448eb211c80319c03040073686f700402006b37051100436c69656e744365727469666963617465062000a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b207040004cb0071080400cb007107090100040a06006469676974730b0100320c2000a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b20e1100646561646c696e655f65786365656465640f0c00726174655f6c696d69746564110f0001060073636f7265730c02020aa001132000a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2140200f80315010002160200ac02170300c4ac4b180400c08db70119050080a8d6b907")]
    [InlineData(AuditRecordKind.Refusals, "0103408fc16cc5d2ec180708000620010db81200000d0100020e0b006b65795f756e6b6e6f776e1a0300a08d06")]
    [InlineData(AuditRecordKind.Gap, "0104408fc16cc5d2ec181a0100061b1200746865207175657565207761732066756c6c")]
    [InlineData(AuditRecordKind.Start, "0105408fc16cc5d2ec181b0500302e312e30")]
    [InlineData(AuditRecordKind.Stop, "0106408fc16cc5d2ec181b0500302e312e30")]
    [InlineData(AuditRecordKind.Recovery, "0107408fc16cc5d2ec181a0100111b1c0071756172616e74696e652d3030303030303030303030312d343039361d0200e807")]
    [InlineData(AuditRecordKind.KeyIntroduced, "0108408fc16cc5d2ec181b090061206e6577206b65791c02003059")]
    [InlineData(AuditRecordKind.Tombstone, "0109408fc16cc5d2ec1801100000000000000000aa000000000000000703040073686f701a0100021b090061736b656420666f72")]
    [InlineData(AuditRecordKind.ModelLoaded, "010a408fc16cc5d2ec180a06006469676974730b0100320c2000a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2")]
    [InlineData(AuditRecordKind.ModelRefused, "010b408fc16cc5d2ec180a06006469676974730b0100330e11007369676e61747572655f6d697373696e671b0c006e6f207369676e6174757265")]
    public void Encode_OneOfEachKind_IsTheseBytes(AuditRecordKind kind, string bytes) =>
        Assert.Equal(bytes, Convert.ToHexStringLower(AuditRecordEncoder.Encode(SomeRecords.Of(kind))));

    [Fact]
    public void Encode_TextThatIsTooLong_KeepsItsBeginningAndItsHash()
    {
        var caller = new string('x', 100) + new string('ü', 200);

        var read = RoundTrip(SomeRecords.Of(AuditRecordKind.Tombstone) with { Caller = caller });

        Assert.True(Encoding.UTF8.GetByteCount(read.Caller!) <= AuditFormat.MaxTextBytes);
        Assert.StartsWith(new string('x', 100) + "ü", read.Caller, StringComparison.Ordinal);
        Assert.EndsWith("…sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(caller))), read.Caller, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(256)]
    [InlineData(257)]
    public void Encode_TextAroundTheBound_IsCutOnlyBeyondIt(int length)
    {
        var caller = new string('x', length);

        Assert.Equal(length == 256, RoundTrip(SomeRecords.Of(AuditRecordKind.Tombstone) with { Caller = caller }).Caller == caller);
    }

    [Fact]
    public void Encode_HalfAPair_IsWrittenAsTheReplacementCharacter() =>
        Assert.Equal("a\ufffdb", RoundTrip(SomeRecords.Of(AuditRecordKind.Tombstone) with { Caller = "a\ud834b" }).Caller);

    [Fact]
    public void Encode_EveryFieldAtItsLongest_FitsIntoARecord()
    {
        var text = new string('€', 10_000);
        var tensor = new AuditTensor(text, TensorDataType.Bytes, [.. Enumerable.Repeat(long.MaxValue, AuditFormat.MaxRank)], long.MaxValue);
        var record = SomeRecords.Of(AuditRecordKind.Outcome) with
        {
            Caller = text,
            CredentialId = text,
            Method = text,
            Model = text,
            ModelVersion = text,
            Rule = text,
            WouldRefuse = text,
            Detail = text,
            Address = "2001:db8::1",
            Network = "2001:db8:1200::/56",
            Decision = "allow",
            Inputs = [tensor, tensor],
            InputCount = 2,
            Outputs = [tensor, tensor],
            OutputCount = 2,
            InputCommitment = new string('a', 64),
            PublicKey = new string('a', 2 * 91),
            Cost = long.MaxValue,
            Count = long.MaxValue,
            LogSize = long.MaxValue,
        };

        Assert.InRange(AuditRecordEncoder.Encode(record).Length, 3_000, AuditFormat.MaxRecordBytes);
    }

    [Fact]
    public void Tensors_MoreThanThereIsRoomFor_AreCountedAll()
    {
        var tensors = Enumerable.Range(0, 100).Select(index => Tensor.Create<float>($"input-{index}", [1, 2], [1, 2])).ToArray();
        var target = new byte[AuditFormat.MaxRecordBytes];

        var length = AuditTensorList.Write(tensors, target);

        Assert.InRange(length, 1, AuditFormat.MaxTensorListBytes);
        Assert.True(AuditTensorList.TryRead(target.AsSpan(0, length), out var count, out var listed));
        Assert.Equal(100, count);
        Assert.InRange(listed.Count, 10, 99);
        Assert.Equal("input-0", listed[0].Name);
    }

    [Theory]
    [InlineData("00000000000000aa-0", true)]
    [InlineData("ffffffffffffffff-18446744073709551615", true)]
    [InlineData("00000000000000AA-1", false)]
    [InlineData("00000000000000aa-", false)]
    [InlineData("00000000000000aa-+1", false)]
    [InlineData("aa-1", false)]
    [InlineData("", false)]
    public void RequestName_Text_IsReadWhereItIsOne(string text, bool isOne)
    {
        Assert.Equal(isOne, RequestName.TryParse(text, out var name));
        Assert.True(!isOne || name.ToString() == text);
    }

    private static AuditRecord RoundTrip(AuditRecord record)
    {
        Assert.Null(AuditRecordReader.TryRead(AuditRecordEncoder.Encode(record), 0, out var read));
        return read!;
    }
}
