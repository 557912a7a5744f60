using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SecureInference.Pipeline.Authentication;
using SecureInference.Pipeline.Authentication.ApiKeys;
using SecureInference.Tests.Abstractions;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Authentication.ApiKeys;

/// <summary>A key store in a folder of its own, whose clock a test moves.</summary>
internal sealed class StoreHarness : IDisposable
{
    public TestFolder Folder { get; } = new();

    public CollectedLog Log { get; } = new();

    public FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

    public string FilePath => Folder.File("keys.json");

    public string AddKey(string owner, params string[] scopes) => TestKeys.Add(FilePath, owner, scopes);

    /// <summary>Gets options that name the store and the pepper that <see cref="AddPepper"/> makes.</summary>
    public static ApiKeyOptions Sealed => new() { Store = "keys.json", PepperFile = TestKeys.PepperName };

    public void AddPepper() => TestKeys.AddPepper(Folder.Path);

    public ApiKeyPeppers ReadPeppers() => ApiKeyPeppers.ReadFile(Folder.File(TestKeys.PepperName));

    /// <summary>Opens the store as a start does.</summary>
    public async Task<ApiKeyStore> OpenAsync(string environment = "Production", ApiKeyOptions? options = null, IApiKeyStore? own = null)
    {
        var host = new HostEnvironment(environment, Folder.Path);
        var configured = Options.Create(options ?? new ApiKeyOptions { Store = "keys.json" });
        var store = new ApiKeyStore(
            configured,
            host,
            new ApiKeyPepperSource(configured, host, Time),
            new CallerStates(),
            new DevelopmentKey(),
            new ApiKeyLastUses(configured),
            Some.LoggingPart<AuthenticationTelemetry>(Log),
            Time,
            own);
        await store.CheckAsync(TestContext.Current.CancellationToken);
        Log.Clear();
        return store;
    }

    /// <summary>Lets the store look at its file once, beside what its watch of the folder tells it.</summary>
    public void Poll(ApiKeyStore store)
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(SpinWait.SpinUntil(() => !store.IsReading, TimeSpan.FromSeconds(30)));
    }

    /// <summary>Writes the file, so that it differs from what was there in length or in time.</summary>
    public void Replace(string text)
    {
        var whole = FilePath + ".whole";
        File.WriteAllText(whole, text);
        File.SetLastWriteTimeUtc(whole, Time.GetUtcNow().UtcDateTime.AddSeconds(text.Length + 1));
        File.Move(whole, FilePath, overwrite: true);
    }

    public string? Find(ApiKeyStore store, string key) => store.TryGet(out var keys) ? keys.Find(key, Time.GetUtcNow(), out _) : "store_too_old";

    public void Dispose() => Folder.Dispose();

    public sealed class HostEnvironment(string name, string root) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "test";

        public string ContentRootPath { get; set; } = root;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
