using System.Security.Cryptography;
using System.Text;
using SecureInference.Pipeline.Auditing.Payloads;
using SecureInference.Pipeline.Auditing.Records;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Auditing.Payloads;

public sealed class PayloadKeeperTests : IDisposable
{
    private const string Secret = "the patient's name";
    private static readonly RequestName Request = new(1, 2);
    private readonly TestFolder _folder = new();
    private readonly byte[] _master = RandomNumberGenerator.GetBytes(32);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TryKeep_Stored_GivesBackTensorsThatFitTheCommitment()
    {
        using var keeper = Open();
        var tensors = Tensors();
        var commitment = new byte[32];
        Assert.True(keeper.TryKeep(PayloadEntry.Input, Request, "shop", tensors, commitment));
        keeper.Write(syncs: true);

        var (direction, salt, payload) = Assert.Single(keeper.Find(Request));

        Assert.Equal(PayloadEntry.Input, direction);
        var read = PayloadDecoder.Read(payload);
        Assert.Equal(["image", "text"], read.Select(tensor => tensor.Tensor.Name));
        Assert.Equal(tensors[1].Data.ToArray(), read[1].Data);
        Assert.Equal(Commit(salt, tensors), commitment);
        Assert.NotEqual(Commit(new byte[32], tensors), commitment);
    }

    [Fact]
    public void TryKeep_Stored_LeavesNoPlainTextOnDisk()
    {
        using var keeper = Open();

        Keep(keeper, Request, "shop");

        Assert.DoesNotContain(Secret, ReadAll(), StringComparison.Ordinal);
    }

    [Fact]
    public void TryKeep_RedactedTensor_IsNeitherKeptNorCommittedTo()
    {
        using var keeper = Open("text");
        Keep(keeper, Request, "shop");

        var read = PayloadDecoder.Read(Assert.Single(keeper.Find(Request)).Payload);

        Assert.Null(read[1].Data);
        Assert.NotNull(read[0].Data);
    }

    [Fact]
    public void TryKeep_CommitmentOnly_KeepsASaltAndNoPayload()
    {
        using var keeper = new PayloadKeeper(Folder(), new PayloadForm([]), keys: null, 1 << 20);
        Keep(keeper, Request, "shop");

        Assert.Null(Assert.Single(keeper.Find(Request)).Payload);
        Assert.DoesNotContain(Secret, ReadAll(), StringComparison.Ordinal);
    }

    [Fact]
    public void EraseRequest_One_LeavesTheOthersAndNoSalt()
    {
        using var keeper = Open();
        Keep(keeper, Request, "shop");
        Keep(keeper, new RequestName(1, 3), "shop");
        var salt = Assert.Single(keeper.Find(Request)).Salt;

        Assert.Equal(1, keeper.EraseRequest(Request));

        Assert.Empty(keeper.Find(Request));
        Assert.Single(keeper.Find(new RequestName(1, 3)));
        Assert.DoesNotContain(Convert.ToHexString(salt), ReadHex(), StringComparison.Ordinal);
        Assert.Equal(0, keeper.EraseRequest(Request));
    }

    [Fact]
    public void EraseCaller_WithRecordsStillQueued_ErasesThemAndTheKey()
    {
        using var keeper = Open();
        Keep(keeper, Request, "shop");
        Keep(keeper, new RequestName(1, 3), "bank");
        keeper.TryKeep(PayloadEntry.Output, Request, "shop", Tensors(), new byte[32]);

        Assert.Equal(2, keeper.EraseCaller("shop"));

        Assert.Empty(keeper.Find(Request));
        Assert.Single(keeper.Find(new RequestName(1, 3)));
        Assert.Single(Directory.GetFiles(_folder.Path, "caller-*.key"));
    }

    [Fact]
    public void Find_AfterARestart_DecryptsWithTheSameMasterKeyOnly()
    {
        using (var keeper = Open())
        {
            Keep(keeper, Request, "shop");
        }

        using var again = Open();
        Assert.NotNull(Assert.Single(again.Find(Request)).Payload);
        using var other = new PayloadKeeper(Folder(), new PayloadForm([]), new CallerKeys(_folder.Path, new byte[32]), 1 << 20);
        Assert.ThrowsAny<CryptographicException>(() => other.Find(Request));
    }

    [Fact]
    public void TryKeep_QueueIsFull_RefusesUntilItIsWritten()
    {
        using var keeper = new PayloadKeeper(Folder(), new PayloadForm([]), keys: null, PayloadEntry.HeaderBytes);
        Assert.True(keeper.TryKeep(PayloadEntry.Input, Request, "shop", Tensors(), new byte[32]));

        Assert.False(keeper.TryKeep(PayloadEntry.Input, Request, "shop", Tensors(), new byte[32]));
        keeper.Write(syncs: false);

        Assert.True(keeper.TryKeep(PayloadEntry.Input, Request, "shop", Tensors(), new byte[32]));
    }

    private static Tensor[] Tensors() => [Tensor.Create<float>("image", [1, 3], [1, 2, 3]), Tensor.Create("text", [1], [Secret])];

    private static void Keep(PayloadKeeper keeper, RequestName request, string caller)
    {
        Assert.True(keeper.TryKeep(PayloadEntry.Input, request, caller, Tensors(), new byte[32]));
        keeper.Write(syncs: true);
    }

    // Written from the description, with nothing of ours but the header of an entry.
    private static byte[] Commit(byte[] salt, Tensor[] tensors)
    {
        var message = new List<byte>();
        foreach (var tensor in tensors)
        {
            var name = Encoding.UTF8.GetBytes(tensor.Name);
            message.AddRange([0, (byte)name.Length, 0, .. name, (byte)tensor.DataType, (byte)tensor.Shape.Length]);
            message.AddRange(tensor.Shape.ToArray().Select(static dimension => (byte)dimension));
            message.Add((byte)tensor.Data.Length);
            message.AddRange(SHA256.HashData(tensor.Data.Span));
        }

        return HMACSHA256.HashData(salt, message.ToArray());
    }

    private PayloadFolder Folder() => new(_folder.Path, 1 << 20);

    private PayloadKeeper Open(params string[] redacted) =>
        new(Folder(), new PayloadForm(redacted), new CallerKeys(_folder.Path, _master), 1 << 20);

    private string ReadAll() => string.Concat(Directory.GetFiles(_folder.Path).Select(static file => Encoding.UTF8.GetString(Read(file))));

    private string ReadHex() => string.Concat(Directory.GetFiles(_folder.Path).Select(static file => Convert.ToHexString(Read(file))));

    private static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
