using System.Text;
using Microsoft.Extensions.Configuration;
using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tests.Models.Protection.Encryption;

public sealed class SettingsSecretsTests : IDisposable
{
    private const string Option = "SecureInference:Models:digits:Identities:0";

    private readonly Door _door = new();
    private readonly X25519Identity _key = X25519Identity.Create();

    private string Secret => Encoding.ASCII.GetString(_key.Export());

    public void Dispose()
    {
        _key.Dispose();
        _door.Dispose();
    }

    [Fact]
    public async Task Check_KeyInAJsonFile_StopsTheStart_WithoutAWordOfIt()
    {
        var root = new ConfigurationBuilder().AddJsonFile(JsonFile()).Build();

        var refused = await Assert.ThrowsAsync<ModelLoadException>(() => CheckAsync(root.GetSection("SecureInference"), root));

        Assert.Contains("comes from a settings file", refused.Message, StringComparison.Ordinal);
        Assert.Contains("make a new key", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret[16..], refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Check_KeyInAJsonStream_StopsTheStart()
    {
        var root = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(Json()))).Build();

        await Assert.ThrowsAsync<ModelLoadException>(() => CheckAsync(root.GetSection("SecureInference"), root));
    }

    [Fact]
    public async Task Check_KeyInAJsonFileUnderAnotherSource_StopsTheStart()
    {
        var root = new ConfigurationBuilder().AddJsonFile(JsonFile()).AddInMemoryCollection([new(Option, "key.txt")]).Build();

        await Assert.ThrowsAsync<ModelLoadException>(() => CheckAsync(root.GetSection("SecureInference"), root));
    }

    [Fact]
    public async Task Check_KeyInAJsonFileOfAChainedConfiguration_StopsTheStart()
    {
        var inner = new ConfigurationBuilder().AddJsonFile(JsonFile()).Build();
        var root = new ConfigurationBuilder().AddConfiguration(inner).Build();

        await Assert.ThrowsAsync<ModelLoadException>(() => CheckAsync(root.GetSection("SecureInference"), root));
    }

    [Fact]
    public async Task Check_SectionOfAnUnknownConfiguration_StopsTheStart()
    {
        var root = new ConfigurationBuilder().AddInMemoryCollection([new(Option, Secret)]).Build();

        var refused = await Assert.ThrowsAsync<ModelLoadException>(() => CheckAsync(root.GetSection("SecureInference"), new ConfigurationBuilder().Build()));

        Assert.Contains("cannot be told", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_KeyOfAnotherProvider_IsTaken()
    {
        var root = new ConfigurationBuilder().AddInMemoryCollection([new(Option, Secret)]).Build();

        await CheckAsync(root.GetSection("SecureInference"), root);

        _door.Configuration = root;
        _door.Options.Identities.Add(Secret);
        Assert.Equal([7], await _door.DecryptAsync(await Age.EncryptAsync([7], _key.Recipient)));
    }

    [Fact]
    public async Task Decrypt_KeyThatCameIntoAJsonFileLater_IsRefused()
    {
        _door.Configuration = new ConfigurationBuilder().AddJsonFile(JsonFile()).Build();
        _door.Options.Identities.Add(Secret);

        Assert.Contains("settings file", await _door.RefusalAsync(await Age.EncryptAsync([7], _key.Recipient)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SecureInference:Models:digits:Identities is 'AGE-SECRET-KEY-1QQQ'. Write a list.", "SecureInference:Models:digits:Identities is '(a key, which is not shown)")]
    [InlineData("is 'secureinference-wrapping-key-1qqq'", "is '(a key, which is not shown)")]
    [InlineData("is 'models/key.txt'.", "is 'models/key.txt'.")]
    public void Hide_TextThatQuotesAKey_EndsBeforeIt(string text, string expected) => Assert.Equal(expected, IdentityText.Hide(text));

    private static Task CheckAsync(IConfiguration section, IConfiguration app) => new SettingsSecrets(section, app).CheckAsync(TestContext.Current.CancellationToken);

    private string Json() => $$$"""{ "SecureInference": { "Models": { "digits": { "Path": "x", "Identities": [ "{{{Secret}}}" ] } } } }""";

    private string JsonFile() => _door.Write("appsettings.json", Encoding.UTF8.GetBytes(Json()));
}
