using SecureInference.IntegrationTests.Samples;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Nodes;

/// <summary>Several processes of the sample SharedLimits, one key store, one Redis.</summary>
internal sealed class NodeGroup : IDisposable
{
    public const int TokenLimit = 100;
    public const int TokensPerSecond = 100;
    private readonly TestFolder _folder = new();
    private readonly List<SampleProcess> _nodes = [];

    private NodeGroup(RedisProcess redis) => Redis = redis;

    public RedisProcess Redis { get; }

    public IReadOnlyList<SampleProcess> Nodes => _nodes;

    /// <summary>A key of the one caller.</summary>
    public string Key { get; private set; } = "";

    /// <param name="count">How many nodes.</param>
    /// <param name="more">Settings of the section SecureInference.</param>
    public static async Task<NodeGroup> StartAsync(int count, params (string Name, string Value)[] more)
    {
        var group = new NodeGroup(await RedisProcess.StartAsync());
        try
        {
            group.Key = TestKeys.Add(group._folder.File("keys.json"), "shop", ["model:greeter:infer"]);
            for (var index = 0; index < count; index++)
            {
                group._nodes.Add(await SampleProcess.StartAsync("SharedLimits", "Production", group.Settings(index, count, more)));
            }

            return group;
        }
        catch
        {
            group.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _nodes.ForEach(static node => node.Dispose());
        Redis.Dispose();
        _folder.Dispose();
    }

    private Dictionary<string, string> Settings(int index, int count, (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["ApiKeys:Store"] = _folder.File("keys.json"),
            ["Audit:Directory"] = _folder.File($"audit{index}"),
            ["RateLimits:Default:TokenLimit"] = $"{TokenLimit}",
            ["RateLimits:Default:TokensPerPeriod"] = $"{TokensPerSecond}",
            ["Redis:Configuration"] = Redis.Address,
            ["Redis:ExpectedNodes"] = $"{count}",
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return settings;
    }
}
