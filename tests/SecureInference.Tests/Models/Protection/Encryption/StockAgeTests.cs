using SecureInference.Models.Protection.Encryption;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Models.Protection.Encryption;

/// <summary>What is written here the stock program opens, and the other way round.</summary>
public sealed class StockAgeTests : IDisposable
{
    private const int HundredMegabytes = 100 * 1024 * 1024;

    private readonly TestFolder _folder = new();
    private readonly X25519Identity _key = X25519Identity.Create();

    public static TheoryData<int> Sizes => [.. Age.Sizes, HundredMegabytes];

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Encrypt_AnySize_StockAgeOpensIt(int size)
    {
        Assert.SkipUnless(StockAge.IsInstalled, StockAge.Reason);
        var (clear, wrapping) = (Age.Clear(size), WrappingKey.Create());
        using var other = X25519Identity.Create();
        await File.WriteAllBytesAsync(_folder.File("key.txt"), _key.Export(), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(_folder.File("model.age"), await Age.EncryptAsync(clear, wrapping, other.Recipient, _key.Recipient), TestContext.Current.CancellationToken);

        await StockAge.RunAsync("age", "-d", "-i", _folder.File("key.txt"), "-o", _folder.File("model"), _folder.File("model.age"));

        // Where there is nothing to write, age 1.1 makes no file.
        var decrypted = size == 0 && !File.Exists(_folder.File("model")) ? [] : await File.ReadAllBytesAsync(_folder.File("model"), TestContext.Current.CancellationToken);
        Assert.True(clear.AsSpan().SequenceEqual(decrypted));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Decrypt_AnySizeOfStockAge_IsOpened(int size)
    {
        Assert.SkipUnless(StockAge.IsInstalled, StockAge.Reason);
        var clear = Age.Clear(size);
        using var other = X25519Identity.Create();
        await File.WriteAllBytesAsync(_folder.File("model"), clear, TestContext.Current.CancellationToken);

        await StockAge.RunAsync("age", "-r", other.Recipient.ToString(), "-r", _key.Recipient.ToString(), "-o", _folder.File("model.age"), _folder.File("model"));

        await using var file = File.OpenRead(_folder.File("model.age"));
        using var opened = await AgeFile.OpenAsync(file, [_key], TestContext.Current.CancellationToken);
        var decrypted = await PayloadMemory.ReadAsync(opened, TestContext.Current.CancellationToken);
        Assert.True(clear.AsSpan().SequenceEqual(decrypted));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200_000)]
    public async Task Decrypt_ArmorOfStockAge_IsOpened(int size)
    {
        Assert.SkipUnless(StockAge.IsInstalled, StockAge.Reason);
        var clear = Age.Clear(size);
        await File.WriteAllBytesAsync(_folder.File("model"), clear, TestContext.Current.CancellationToken);

        await StockAge.RunAsync("age", "-a", "-r", _key.Recipient.ToString(), "-o", _folder.File("model.age"), _folder.File("model"));

        var file = await File.ReadAllBytesAsync(_folder.File("model.age"), TestContext.Current.CancellationToken);
        Assert.True(AgeFile.IsEncrypted(file));
        Assert.Equal(clear, await Age.DecryptAsync(file, _key));
    }

    [Fact]
    public async Task Identity_OfAgeKeygen_IsRead()
    {
        Assert.SkipUnless(StockAge.IsInstalled, StockAge.Reason);

        await StockAge.RunAsync("age-keygen", "-o", _folder.File("key.txt"));

        var recipient = (await StockAge.RunAsync("age-keygen", "-y", _folder.File("key.txt"))).Trim();
        using var set = new IdentitySet();
        IdentityText.AddTo(set, await File.ReadAllTextAsync(_folder.File("key.txt"), TestContext.Current.CancellationToken));
        Assert.Equal(recipient, Assert.IsType<X25519Identity>(Assert.Single(set.Identities)).Recipient.ToString());
    }
}
