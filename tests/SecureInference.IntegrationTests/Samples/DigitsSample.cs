using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Samples;

/// <summary>The sample Digits in Production, with a key store and an audit log of its own; nobody is limited unless a test says so.</summary>
public sealed class DigitsSample : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private SampleProcess? _process;

    public DigitsSample() => Key = AddKey("tester", "model:*:infer");

    /// <summary>May infer with every model.</summary>
    public string Key { get; }

    public string StorePath => _folder.File("keys.json");

    public string AuditFolder => _folder.File("audit");

    /// <summary>Settings of the section SecureInference, to be set before the start.</summary>
    internal Dictionary<string, string> Settings { get; } = new()
    {
        ["RateLimits:Default:TokenLimit"] = "1000000",
        ["RateLimits:Default:TokensPerPeriod"] = "1000000",
        ["RateLimits:FailedAuthentication:TokenLimit"] = "1000000",
        ["RateLimits:FailedAuthentication:TokensPerPeriod"] = "1000000",
    };

    /// <summary>Arguments of its command line, to be set before the start.</summary>
    internal List<string> Arguments { get; } = [];

    /// <summary>Sends <see cref="Key"/> with each request.</summary>
    internal HttpClient Client { get; private set; } = new();

    /// <summary>Sends no credential.</summary>
    internal HttpClient Stranger { get; private set; } = new();

    internal SampleProcess Process => _process ?? throw new InvalidOperationException("The sample is not started.");

    internal AuditTrail Audit => AuditTrail.Read(AuditFolder);

    public string AddKey(string owner, string scope, string? tier = null, DateTimeOffset? expires = null, DateTimeOffset? revoked = null, bool isTest = false) =>
        TestKeys.Add(StorePath, owner, [scope], tier, expires, revoked, isTest);

    public async ValueTask InitializeAsync()
    {
        Settings["ApiKeys:Store"] = StorePath;
        Settings["Audit:Directory"] = AuditFolder;
        _process?.Dispose();
        _process = await SampleProcess.StartAsync("Digits", "Production", Settings, Arguments);
        Client.Dispose();
        Stranger.Dispose();
        Client = CreateClient(Key);
        Stranger = CreateClient(key: null);
    }

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        Stranger.Dispose();
        _process?.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    internal HttpClient CreateClient(string? key, int connections = int.MaxValue)
    {
        var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections, PooledConnectionLifetime = Timeout.InfiniteTimeSpan })
        {
            BaseAddress = Process.Address,
            Timeout = Eventually.Deadline,
        };
        if (key is not null)
        {
            client.DefaultRequestHeaders.Add("x-api-key", key);
        }

        return client;
    }
}
