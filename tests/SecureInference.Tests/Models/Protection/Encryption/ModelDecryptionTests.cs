using System.Text;
using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tests.Models.Protection.Encryption;

public sealed class ModelDecryptionTests : IDisposable
{
    private readonly Door _door = new();
    private readonly X25519Identity _key = X25519Identity.Create();
    private readonly byte[] _clear = Age.Clear(1000);

    public void Dispose()
    {
        _key.Dispose();
        _door.Dispose();
    }

    [Fact]
    public async Task Decrypt_KeyInAFile_OpensIt()
    {
        _door.Options.Identities.Add(_door.Write("key.txt", [.. "# made today\n\n"u8, .. _key.Export(), .. "\n"u8]));

        Assert.Equal(_clear, await _door.DecryptAsync(await Age.EncryptAsync(_clear, _key.Recipient)));
    }

    [Fact]
    public async Task Decrypt_PathThatIsRelative_StartsAtTheContentRoot()
    {
        _door.Write("key.txt", _key.Export());
        _door.Options.Identities.Add("key.txt");

        Assert.Equal(_clear, await _door.DecryptAsync(await Age.EncryptAsync(_clear, _key.Recipient)));
    }

    [Fact]
    public async Task Decrypt_KeyInTheEnvironment_OpensIt()
    {
        using var wrapping = WrappingKey.Create();
        _door.Options.Identities.Add("env:MODEL_KEY");
        _door.Variables["MODEL_KEY"] = Encoding.ASCII.GetString(wrapping.Export());

        Assert.Equal(_clear, await _door.DecryptAsync(await Age.EncryptAsync(_clear, wrapping)));
    }

    [Theory]
    [InlineData("file")]
    [InlineData("env")]
    public async Task Decrypt_Passphrase_OpensIt(string from)
    {
        _door.Variables["PHRASE"] = "correct horse";
        _door.Options.PassphraseFile = from == "env" ? "env:PHRASE" : _door.Write("phrase.txt", "correct horse\n"u8);
        var file = await Age.EncryptAsync(_clear, new ScryptRecipient(SecretBytes.CopyOf("correct horse"u8), workFactor: 8));

        Assert.Equal(_clear, await _door.DecryptAsync(file));
    }

    [Fact]
    public async Task Decrypt_NoKeyConfigured_SaysWhichItNeeds()
    {
        using var wrapping = WrappingKey.Create();

        var said = await _door.RefusalAsync(await Age.EncryptAsync(_clear, _key.Recipient, wrapping));

        Assert.Equal(
            $"Models:digits: the file '/models/digits.onnx.age' is encrypted, and no key for it is configured: it was encrypted for an age1… key, the wrapping key '{wrapping.KeyId}'. "
            + "Name a file with the identity in Models:digits:Identities.",
            said);
    }

    [Fact]
    public async Task Decrypt_WrongKey_SaysThatNoneMatches()
    {
        using var other = X25519Identity.Create();
        _door.Options.Identities.Add(_door.Write("key.txt", other.Export()));

        var said = await _door.RefusalAsync(await Age.EncryptAsync(_clear, _key.Recipient));

        Assert.Contains("none of the configured keys opens it", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decrypt_ChangedHeaderOrPayload_SaysWhich()
    {
        _door.Options.Identities.Add(_door.Write("key.txt", _key.Export()));
        var file = await Age.EncryptAsync(_clear, _key.Recipient);
        byte[] payload = [.. file];
        payload[^1] ^= 1;
        byte[] header = [.. file];
        header[3] ^= 1;

        Assert.Contains("the content of the encrypted file", await _door.RefusalAsync(payload), StringComparison.Ordinal);
        Assert.Contains("the header of the encrypted file", await _door.RefusalAsync(header), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherWrite)]
    public async Task Decrypt_KeyFileThatOthersMayRead_IsRefusedWithTheRemedy(UnixFileMode mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        var path = _door.Write("key.txt", _key.Export(), mode);
        _door.Options.Identities.Add(path);

        Assert.Contains($"chmod 400 {path}", await _door.RefusalAsync(await Age.EncryptAsync(_clear, _key.Recipient)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("env:NOWHERE", "the environment variable NOWHERE is not set")]
    [InlineData("nowhere.txt", "nowhere.txt' does not exist")]
    public async Task Decrypt_KeyThatIsMissing_SaysWhich(string source, string expected)
    {
        _door.Options.Identities.Add(source);

        Assert.Contains(expected, await _door.RefusalAsync([]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decrypt_KeyFileThatIsNone_IsRefusedWithoutAWordOfIt()
    {
        var nearly = Encoding.ASCII.GetString(_key.Export())[..^1];
        _door.Options.Identities.Add(_door.Write("key.txt", Encoding.ASCII.GetBytes("# one\n" + nearly)));

        var said = await _door.RefusalAsync([]);

        Assert.Contains("line 2 is no identity", said, StringComparison.Ordinal);
        Assert.DoesNotContain(nearly[20..], said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("env:")]
    public void Problems_SourceThatIsEmpty_IsOne(string source)
    {
        var options = new ModelOptions { Path = "x", Identities = [source], PassphraseFile = source };

        Assert.Equal(2, options.Problems("Models:digits").Count());
    }
}
