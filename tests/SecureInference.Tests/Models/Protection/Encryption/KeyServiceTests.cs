using System.Text;
using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tests.Models.Protection.Encryption;

public sealed class KeyServiceTests : IDisposable
{
    private readonly Door _door = new();
    private readonly FakeKeyService _vault = new();
    private readonly byte[] _clear = Age.Clear(1000);

    public void Dispose() => _door.Dispose();

    [Fact]
    public async Task Decrypt_KeyOfAService_IsAskedFor()
    {
        _door.Services.Add(_vault);

        Assert.Equal(_clear, await _door.DecryptAsync(await EncryptAsync()));
        Assert.Equal(1, _vault.Asked);
    }

    [Fact]
    public async Task Decrypt_OwnKeyBesideAService_AsksNobody()
    {
        using var key = X25519Identity.Create();
        _door.Services.Add(_vault);
        _door.Options.Identities.Add(_door.Write("key.txt", key.Export()));

        Assert.Equal(_clear, await _door.DecryptAsync(await EncryptAsync(key.Recipient)));
        Assert.Equal(0, _vault.Asked);
    }

    [Fact]
    public async Task Decrypt_FirstServiceFails_SecondOpensIt()
    {
        _door.Services.Add(_vault);
        _door.Services.Add(new FakeKeyService("other"));
        _vault.Answer = static _ => throw new ModelLoadException("It is closed. Open it.");

        Assert.Equal(_clear, await _door.DecryptAsync(await EncryptAsync(new KeyServiceRecipient(new FakeKeyService("other"), "k"))));
    }

    [Fact]
    public async Task Decrypt_ServiceThatNobodyAsks_SaysWhatToAdd()
    {
        Assert.Contains("nothing here asks for the key 'models/1' of vault", await _door.RefusalAsync(await EncryptAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(17)]
    public async Task Decrypt_AnswerOfAnotherLength_IsRefused(int length)
    {
        _door.Services.Add(_vault);
        _vault.Answer = _ => Task.FromResult(new byte[length]);

        Assert.Contains($"{length} bytes came back", await _door.RefusalAsync(await EncryptAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decrypt_WrongAnswer_IsSeenByTheHeader()
    {
        _door.Services.Add(_vault);
        _vault.Answer = static _ => Task.FromResult(new byte[16]);

        Assert.Contains("header was changed", await _door.RefusalAsync(await EncryptAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decrypt_ServiceRefuses_IsSaid()
    {
        _door.Services.Add(_vault);
        _vault.Answer = static _ => throw new ModelLoadException("The role may not use it. Grant it.");

        Assert.Contains("The role may not use it. Grant it", await _door.RefusalAsync(await EncryptAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decrypt_ServiceThrows_TellsNothingOfIt()
    {
        _door.Services.Add(_vault);
        _vault.Answer = static _ => throw new InvalidOperationException("the secret is 42");

        var said = await _door.RefusalAsync(await EncryptAsync());

        Assert.Contains("ended with InvalidOperationException", said, StringComparison.Ordinal);
        Assert.DoesNotContain("42", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decrypt_ServiceThatNeverAnswers_IsWaitedForNoLongerThanHalfAMinute()
    {
        _door.Services.Add(_vault);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _vault.Answer = async stop =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
            return [];
        };
        var refusal = _door.RefusalAsync(await EncryptAsync());
        await asked.Task;

        _door.Time.Advance(TimeSpan.FromSeconds(30));

        Assert.Contains("no answer came in time", await refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decrypt_FileThatNamesManyKeys_AsksForFew()
    {
        _door.Services.Add(_vault);
        _vault.Answer = static _ => Task.FromResult(Array.Empty<byte>());

        await _door.RefusalAsync(await Age.EncryptAsync(_clear, [.. Enumerable.Range(0, 100).Select(index => new KeyServiceRecipient(_vault, $"k{index}"))]));

        Assert.Equal(8, _vault.Asked);
    }

    [Fact]
    public async Task Decrypt_NameOfAKeyThatOrdersTheTerminal_IsShownWithoutTheOrder()
    {
        var said = await _door.RefusalAsync(await Age.EncryptAsync(_clear, new KeyServiceRecipient(_vault, "a\u001b[2Jb\n" + new string('x', 1000))));

        Assert.DoesNotContain(said, char.IsControl);
        Assert.True(said.Length < 1500);
    }

    [Theory]
    [InlineData("-> secureinference.dev/kms-v1 vault azE")]
    [InlineData("-> secureinference.dev/kms-v1 vault azE= reverse")]
    [InlineData("-> secureinference.dev/kms-v1 vault azE reverse more")]
    [InlineData("-> secureinference.dev/kms-v1 vault //8 reverse")]
    public async Task Decrypt_MalformedStanza_IsRefused(string line)
    {
        _door.Services.Add(_vault);
        var file = Encoding.ASCII.GetBytes($"age-encryption.org/v1\n{line}\nAAAA\n--- {new string('A', 43)}\n");

        Assert.Contains("is malformed", await _door.RefusalAsync(file), StringComparison.Ordinal);
    }

    private Task<byte[]> EncryptAsync(params IAgeRecipient[] more) => Age.EncryptAsync(_clear, [new KeyServiceRecipient(_vault, "models/1"), .. more]);
}
