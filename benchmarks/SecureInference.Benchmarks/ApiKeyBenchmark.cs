using BenchmarkDotNet.Attributes;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Benchmarks;

/// <summary>What does it cost to recognise a caller by a key among 1,000, and to turn a wrong key away?</summary>
[MemoryDiagnoser]
public class ApiKeyBenchmark
{
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private string _known = "";
    private string _unknown = "";
    private string _mistyped = "";
    private ApiKeySet? _keys;

    [GlobalSetup]
    public void Setup()
    {
        var issuer = new ApiKeyIssuer(static () => ApiKeyPeppers.None);
        var rows = Enumerable.Range(0, 1000).Select(number => issuer.Create(
            new ApiKeyRow { Id = "", Environment = ApiKey.Live, Owner = $"owner {number}", Scopes = ["model:*:infer"], Created = _now, Secrets = [] },
            expires: null,
            out _known)).ToArray();
        _keys = ApiKeySet.Create(new ApiKeySnapshot(rows), ApiKeyPeppers.None, new CallerStates(), acceptTestKeys: true);
        _unknown = ApiKey.Create(ApiKey.Live, ApiKey.CreateId());
        _mistyped = _known[..^1] + (_known[^1] == '0' ? '1' : '0');
    }

    [Benchmark(Baseline = true)]
    public bool Known() => _keys?.Find(_known, _now, out _) is null;

    [Benchmark]
    public bool Unknown() => _keys?.Find(_unknown, _now, out _) is null;

    [Benchmark]
    public bool Mistyped() => _keys?.Find(_mistyped, _now, out _) is null;
}
