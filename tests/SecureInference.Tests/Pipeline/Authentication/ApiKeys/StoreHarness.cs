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

    public ApiKeyStore Open(string environment = "Production", string? store = "keys.json") => new(
        Options.Create(new ApiKeyOptions { Store = store }),
        new HostEnvironment(environment, Folder.Path),
        new CallerStates(),
        new DevelopmentKey(),
        Some.LoggingPart<AuthenticationTelemetry>(Log),
        Time);

    /// <summary>Lets the store look at its file once.</summary>
    public void Poll() => Time.Advance(TimeSpan.FromSeconds(1));

    /// <summary>Writes the file, so that it differs from what was there in length or in time.</summary>
    public void Replace(string text)
    {
        File.WriteAllText(FilePath, text);
        File.SetLastWriteTimeUtc(FilePath, Time.GetUtcNow().UtcDateTime.AddSeconds(text.Length + 1));
    }

    public string? Find(ApiKeyStore store, string key) => store.Current.Find(key, Time.GetUtcNow(), out _);

    public void Dispose() => Folder.Dispose();

    private sealed class HostEnvironment(string name, string root) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "test";

        public string ContentRootPath { get; set; } = root;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
