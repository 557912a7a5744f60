using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tests.Pipeline.Authentication.ApiKeys;

/// <summary>Time must not tell which ids exist: measured in the process, where a difference is far easier to see than across a network.</summary>
[CollectionDefinition(nameof(ApiKeyTimingTests), DisableParallelization = true)]
[Collection(nameof(ApiKeyTimingTests))]
public sealed class ApiKeyTimingTests
{
    /// <summary>Medians that differ by less than twice the deviation of a single try (about 1 % of a look-up on a quiet machine). An early return for unknown ids makes it 6 to 20,
    /// one hash less 4 to 5.</summary>
    private const double Bound = 2;

    private const int Keys = 512;

    /// <summary>Many times as many as there are keys, so that both kinds come by all of them.</summary>
    private const int Samples = 4096;
    private static readonly DateTimeOffset Now = new(2026, 10, 2, 12, 0, 0, TimeSpan.Zero);
    private readonly ITestOutputHelper _output;
    private readonly ApiKeySet _keys;
    private readonly string[] _wrongSecret;
    private readonly string[] _unknown = [.. Enumerable.Range(0, Samples).Select(static _ => ForgedKey.WithUnknownId())];

    public ApiKeyTimingTests(ITestOutputHelper output)
    {
        _output = output;
        _keys = CreateSet(Peppers.Of(1, 2), out var issued);
        _wrongSecret = [.. Enumerable.Range(0, Samples).Select(index => ForgedKey.WithIdOf(issued[index % Keys]))];

        // Side by side in memory: which of the two lies nearer must not count.
        for (var index = 0; index < Samples; index++)
        {
            _wrongSecret[index] = new string(_wrongSecret[index].AsSpan());
            _unknown[index] = new string(_unknown[index].AsSpan());
        }

        // Until the code is compiled as it will stay.
        for (var index = 0; index < 10 * Samples; index++)
        {
            FindWrongSecret(index);
            FindUnknown(index);
        }
    }

    [Fact]
    public void Find_UnknownIdsAndWrongSecrets_TakeTheSameTime()
    {
        var effect = TimingEffect.Measure(FindWrongSecret, FindUnknown);

        _output.WriteLine($"effect {effect:F3}");
        Assert.InRange(effect, 0, Bound);
    }

    [Fact]
    public void Measure_AnEarlyReturnForUnknownIds_IsSeen()
    {
        var effect = TimingEffect.Measure(FindWrongSecret, index => { _ = ApiKey.TryParse(_unknown[index % Samples], out _); });

        _output.WriteLine($"effect {effect:F3}");
        Assert.InRange(effect, Bound, double.MaxValue);
    }

    private void FindWrongSecret(int index) => _keys.Find(_wrongSecret[index % Samples], Now, out _);

    private void FindUnknown(int index) => _keys.Find(_unknown[index % Samples], Now, out _);

    /// <summary>Makes a set whose keys were all rotated from the first of the peppers to the last.</summary>
    private static ApiKeySet CreateSet(ApiKeyPeppers peppers, out string[] issued)
    {
        var keys = new string[Keys];
        var rows = new ApiKeyRow[Keys];
        for (var index = 0; index < Keys; index++)
        {
            var rights = new ApiKeyRow { Id = "", Environment = ApiKey.Live, Owner = "shop", Scopes = ["admin"], Created = Now, Secrets = [] };
            var first = new ApiKeyIssuer(static () => Peppers.Of(1)).Create(rights, expires: null, out keys[index]);
            rows[index] = new ApiKeyIssuer(() => peppers).Rotate(first, Now, TimeSpan.FromDays(7), expires: null, out _);
        }

        issued = keys;
        return ApiKeySet.Create(new ApiKeySnapshot(rows), peppers, new CallerStates(), acceptTestKeys: false);
    }
}
