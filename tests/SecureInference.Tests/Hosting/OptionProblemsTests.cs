using System.Globalization;
using SecureInference.Hosting;
using SecureInference.Pipeline.RateLimiting;

namespace SecureInference.Tests.Hosting;

public sealed class OptionProblemsTests
{
    [Theory]
    [InlineData("DrainTimeout", "-00:00:01", "DrainTimeout is -00:00:01")]
    [InlineData("DrainTimeout", "02:00:00", "DrainTimeout is 02:00:00")]
    [InlineData("Arrival:AllowedNetworks:0", "10.0.0.0", "'10.0.0.0', which is no network. Write its first address and the length of its prefix, for example 10.0.0.0/8")]
    [InlineData("Arrival:AllowedNetworks:0", "10.0.0.1/8", "'10.0.0.1/8', which is no network. Write its first address")]
    [InlineData("Arrival:KnownProxies:0", "10.0.0.7/28", "'10.0.0.7/28', which is neither an address nor a network. Write, for example, 10.0.0.7 or 10.0.0.0/28.")]
    [InlineData("Arrival:AllowedNetworks:0", "10.0.0.0/33", "'10.0.0.0/33'")]
    [InlineData("Arrival:AllowedNetworks:0", "example.com", "'example.com'")]
    [InlineData("Arrival:AllowedNetworks:0", "", "Arrival:AllowedNetworks")]
    [InlineData("Arrival:KnownProxies:0", "proxy.example", "'proxy.example', which is neither an address nor a network. Write, for example, 10.0.0.7 or 10.0.0.0/28.")]
    [InlineData("Arrival:KnownProxies:0", "", "Arrival:KnownProxies has ''")]
    [InlineData("Arrival:KnownProxies", "10.0.0.7", "Arrival:KnownProxies is '10.0.0.7'. Write a list")]
    [InlineData("Arrival:HstsMaxAge", "-00:00:01", "Arrival:HstsMaxAge is -00:00:01")]
    [InlineData("Arrival:HstsMaxAge", "365", "Arrival:HstsMaxAge is '365'. Write hours, minutes and seconds")]
    [InlineData("Arrival:Connections:MaxConnections", "0", "Arrival:Connections:MaxConnections is 0. Write at least 1.")]
    [InlineData("Arrival:Connections:MaxUnauthenticatedConnections", "0", "MaxUnauthenticatedConnections is 0. Write at least 1.")]
    [InlineData("Arrival:Connections:MaxUnauthenticatedConnectionsPerNetwork", "-1", "MaxUnauthenticatedConnectionsPerNetwork is -1. Write at least 1.")]
    [InlineData("Arrival:Connections:MaxStreamsPerConnection", "0", "MaxStreamsPerConnection is 0. Write at least 1.")]
    [InlineData("Arrival:Connections:MaxRequestHeaderCount", "0", "MaxRequestHeaderCount is 0. Write at least 1.")]
    [InlineData("Arrival:Connections:MinRequestBodyBytesPerSecond", "0", "MinRequestBodyBytesPerSecond is 0. Write at least 1.")]
    [InlineData("Arrival:Connections:MinResponseBytesPerSecond", "0", "MinResponseBytesPerSecond is 0. Write at least 1.")]
    [InlineData("Arrival:Connections:MaxRequestHeadersTotalSize", "1048577", "MaxRequestHeadersTotalSize is 1048577. Write at least 1 and at most 1048576.")]
    [InlineData("Arrival:Connections:RequestHeadersTimeout", "00:00:00", "RequestHeadersTimeout is 00:00:00. Write a time above zero")]
    [InlineData("Arrival:Connections:MaxConnection", "1", "Arrival:Connections:MaxConnection is not an option of this version.")]
    [InlineData("Arrival:RequireHttps", "maybe", "RequireHttps")]
    [InlineData("ApiKeys:Header", "", "ApiKeys:Header is ''")]
    [InlineData("ApiKeys:Header", "x api key", "ApiKeys:Header is 'x api key'")]
    [InlineData("ApiKeys:Header", "x-key:", "ApiKeys:Header is 'x-key:'")]
    [InlineData("ApiKeys:RejectedStatusCode", "404", "RejectedStatusCode is 404. Write 403 or 401.")]
    [InlineData("ApiKeys:RejectedStatusCode", "200", "RejectedStatusCode is 200. Write 403 or 401.")]
    [InlineData("ApiKeys:PollInterval", "00:00:00", "PollInterval is 00:00:00")]
    [InlineData("ApiKeys:MaxStaleness", "00:00:00", "MaxStaleness is 00:00:00")]
    [InlineData("ApiKeys:PollInterval", "01:00:00", "PollInterval is 01:00:00")]
    [InlineData("RateLimits:Default:TokenLimit", "0", "RateLimits:Default:TokenLimit is 0. Write at least 1.")]
    [InlineData("RateLimits:Default:TokenLimit", "-1", "RateLimits:Default:TokenLimit is -1. Write at least 1.")]
    [InlineData("RateLimits:Default:TokenLimit", "many", "TokenLimit")]
    [InlineData("RateLimits:Default:TokensPerPeriod", "0", "RateLimits:Default:TokensPerPeriod is 0. Write at least 1.")]
    [InlineData("RateLimits:Default:ReplenishmentPeriod", "00:00:00", "RateLimits:Default:ReplenishmentPeriod is 00:00:00")]
    [InlineData("RateLimits:Default:ReplenishmentPeriod", "2.00:00:00", "RateLimits:Default:ReplenishmentPeriod is 2.00:00:00")]
    [InlineData("RateLimits:FailedAuthentication:TokenLimit", "0", "RateLimits:FailedAuthentication:TokenLimit is 0. Write at least 1.")]
    [InlineData("RateLimits:FailedAuthentication:Limit", "1", "RateLimits:FailedAuthentication:Limit is not an option of this version.")]
    [InlineData("RateLimits:Tiers:gold:TokenLimit", "0", "RateLimits:Tiers:gold:TokenLimit is 0")]
    [InlineData("RateLimits:Tiers:gold:TokensPerPeriod", "-5", "RateLimits:Tiers:gold:TokensPerPeriod is -5")]
    [InlineData("RateLimits:Tiers:gold:ReplenishmentPeriod", "-00:00:01", "RateLimits:Tiers:gold:ReplenishmentPeriod is -00:00:01")]
    [InlineData("RateLimits:Tiers:a b:TokenLimit", "1", "RateLimits:Tiers has 'a b'")]
    [InlineData("RateLimits:Tiers:default:TokenLimit", "1", "RateLimits:Tiers has 'default'")]
    [InlineData("RateLimits:Cost", "Row", "RateLimits:Cost is 'Row'. Write one of: Requests, Rows, WeightedRows.")]
    [InlineData("RateLimits:DryRun", "often", "RateLimits:DryRun is 'often'. Write true or false")]
    [InlineData("RateLimits:Default:ConcurrencyLimit", "0", "RateLimits:Default:ConcurrencyLimit is 0. Write at least 1, or remove it.")]
    [InlineData("RateLimits:Tiers:gold:DailyLimit", "0", "RateLimits:Tiers:gold:DailyLimit is 0. Write at least 1, or remove it.")]
    [InlineData("RateLimits:Default:Bytes:TokenLimit", "5", "RateLimits:Default:Bytes:TokensPerPeriod is 0. Write at least 1.")]
    [InlineData("RateLimits:Default:Bytes", "", "RateLimits:Default:Bytes is empty. Write TokenLimit and TokensPerPeriod, or remove it.")]
    [InlineData("RateLimits:Default:Bytes", "5", "RateLimits:Default:Bytes is")]
    [InlineData("RateLimits:Default:Bytes:Limit", "5", "RateLimits:Default:Bytes:Limit is not an option of this version.")]
    [InlineData("RateLimits:Tiers:gold:Total:Limit", "5", "RateLimits:Tiers:gold:Total:Limit is not an option of this version.")]
    [InlineData("RateLimits:Models:digits:PerCaller:Limit", "5", "RateLimits:Models:digits:PerCaller:Limit is not an option of this version.")]
    [InlineData("RateLimits:Models:digits:PerCaller", "", "RateLimits:Models:digits:PerCaller is empty.")]
    [InlineData("RateLimits:Models:digits:Total:TokenLimit", "1", "RateLimits:Models:digits:Total:TokensPerPeriod is 0.")]
    [InlineData("RateLimits:Models:digits:Weight", "0", "RateLimits:Models:digits:Weight is 0. Write at least 1.")]
    [InlineData("RateLimits:Models:a b:Weight", "1", "RateLimits:Models has 'a b'")]
    [InlineData("RateLimits:Model:digits:Weight", "1", "RateLimits:Model is not an option of this version.")]
    [InlineData("RateLimits:Default:TokensPerPeriod", "2000000", "RateLimits:Default fills faster than 1,000,000 tokens a second.")]
    [InlineData("Audit:Directory", "", "Audit:Directory is empty")]
    [InlineData("Audit:QueueCapacity", "1", "Audit:QueueCapacity is 1. Write at least 2")]
    [InlineData("RateLimits:Default:ReplenishmentPeriod", "1", "RateLimits:Default:ReplenishmentPeriod is '1'. Write hours, minutes and seconds")]
    [InlineData("RateLimits:Default:ReplenishmentPeriod", "1s", "RateLimits:Default:ReplenishmentPeriod is '1s'. Write hours, minutes and seconds")]
    [InlineData("RateLimits:Default:TokenLimit", "many", "RateLimits:Default:TokenLimit is 'many'. Write a whole number")]
    [InlineData("Arrival:RequireHttps", "yes", "Arrival:RequireHttps is 'yes'. Write true or false")]
    [InlineData("Models:digits:Lanes", "two", "Models:digits:Lanes is 'two'. Write a whole number")]
    [InlineData("Protocol:BodyTimeout", "00:00:00", "Protocol:BodyTimeout is 00:00:00")]
    [InlineData("ApiKeys:Header", "Authorization", "ApiKeys:Header is 'Authorization'")]
    [InlineData("Audit:RefusalInterval", "00:00:00", "Audit:RefusalInterval is 00:00:00")]
    [InlineData("Audit:RefusalInterval", "02:00:00", "Audit:RefusalInterval is 02:00:00")]
    [InlineData("Protocol:ServerName", " ", "Protocol:ServerName is empty")]
    [InlineData("Protocol:CompressionThreshold", "-1", "Protocol:CompressionThreshold is -1. Write 0 or more.")]
    [InlineData("Models:a b:Path", "x", "Models has 'a b'")]
    [InlineData("Models:digits:MaxBatchSize", "1", "Models:digits:Path is missing")]
    [InlineData("Models:digits:MaxBatchSize", "0", "Models:digits:MaxBatchSize is 0. Write at least 1.")]
    [InlineData("Models:digits:Lanes", "0", "Models:digits:Lanes is 0. Write at least 1 and at most")]
    [InlineData("Models:digits:MaxQueueLength", "-1", "Models:digits:MaxQueueLength is -1. Write at least 0.")]
    [InlineData("Models:digits:MaxTensorElements", "0", "Models:digits:MaxTensorElements is 0. Write at least 1 and at most")]
    [InlineData("Models:digits:MaxOutputBytes", "0", "Models:digits:MaxOutputBytes is 0. Write a number of bytes above 0")]
    [InlineData("Models:digits:MaxBytesLength", "3", "Models:digits:MaxBytesLength is 3. Write at least 4 and at most")]
    [InlineData("Models:digits:Timeout", "00:00:00", "Models:digits:Timeout is 00:00:00")]
    [InlineData("Models:digits:Timeout", "-00:00:01", "Models:digits:Timeout is -00:00:01")]
    [InlineData("Models:digits:Timeout", "2.00:00:00", "Models:digits:Timeout is 2.00:00:00")]
    public void Start_BadValue_IsNamedAndAnswered(string key, string value, string expected) =>
        Assert.Contains(expected, Section.ProblemOf((key, value)), StringComparison.Ordinal);

    [Theory]
    [InlineData(int.MaxValue, 1, "1.00:00:00")]
    [InlineData(367, 1, "1.00:00:00")]
    [InlineData(int.MaxValue, 1, "00:01:00")]
    public void Start_BucketThatNeverFills_IsNamedAndAnswered(int limit, int perPeriod, string period)
    {
        var problem = Section.ProblemOf(
            ("RateLimits:Default:TokenLimit", limit.ToString(CultureInfo.InvariantCulture)),
            ("RateLimits:Default:TokensPerPeriod", perPeriod.ToString(CultureInfo.InvariantCulture)),
            ("RateLimits:Default:ReplenishmentPeriod", period));

        Assert.Contains("SecureInference:RateLimits:Default takes more than a year to fill.", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_WeightThatNoBucketHolds_IsNamedAndAnswered()
    {
        var problem = Section.ProblemOf(("RateLimits:Cost", "WeightedRows"), ("RateLimits:Models:digits:Weight", "61"));

        Assert.Contains("RateLimits:Models:digits:Weight is 61, and RateLimits:Default never holds more than 60", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_LargestLimits_AreComputedWithoutOverflow()
    {
        foreach (var (limit, perPeriod, period) in new[]
        {
            (366, 1, TimeSpan.FromDays(1)),
            (int.MaxValue, int.MaxValue, TimeSpan.FromDays(1)),
            (int.MaxValue, 1_000_000, TimeSpan.FromSeconds(1)),
            (int.MaxValue, 1, TimeSpan.FromMicroseconds(1)),
            (int.MaxValue, 100, TimeSpan.FromSeconds(1)),
        })
        {
            var options = new TokenBucketOptions { TokenLimit = limit, TokensPerPeriod = perPeriod, ReplenishmentPeriod = period };

            Assert.Empty(options.Problems("x"));
            var family = new BucketFamily();
            family.Set(1, options.Terms, now: 0);
            var word = 0L;
            Assert.True(TokenBucket.TryTake(ref word, family, 1, 0, limit, out _));
            Assert.False(TokenBucket.TryTake(ref word, family, 1, 0, 1, out _));
        }
    }

    [Theory]
    [InlineData("Store")]
    [InlineData("PepperFile")]
    public void Start_LastUseFileIsAnotherFile_IsRefused(string other) => Assert.Contains(
        "LastUseFile is 'keys.json'", Section.ProblemOf(("ApiKeys:LastUseFile", "keys.json"), ($"ApiKeys:{other}", "keys.json")), StringComparison.Ordinal);

    [Fact]
    public void Start_SeveralBadValues_AreAllNamed()
    {
        var problem = Section.ProblemOf(("Audit:QueueCapacity", "0"), ("ApiKeys:RejectedStatusCode", "500"));

        Assert.Contains("Audit:QueueCapacity", problem, StringComparison.Ordinal);
        Assert.Contains("ApiKeys:RejectedStatusCode", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_NothingConfigured_AreSafeAndValid()
    {
        var options = new SecureInferenceOptions();

        Assert.Null(Section.TryProblemOf());
        Assert.True(options.Arrival.RequireHttps);
        Assert.Empty(options.Arrival.AllowedNetworks);
        Assert.Empty(options.Arrival.KnownProxies);
        Assert.True(options.Arrival.SecurityHeaders);
        Assert.Equal(TimeSpan.FromDays(365), options.Arrival.HstsMaxAge);
        Assert.Equal(403, options.ApiKeys.RejectedStatusCode);
        Assert.Equal("x-api-key", options.ApiKeys.Header);
        Assert.Null(options.ApiKeys.Store);
        Assert.Equal((60, 20, TimeSpan.FromSeconds(1)), (options.RateLimits.Default.TokenLimit, options.RateLimits.Default.TokensPerPeriod, options.RateLimits.Default.ReplenishmentPeriod));
        Assert.Equal((60, 1, TimeSpan.FromSeconds(1)), (options.RateLimits.FailedAuthentication.TokenLimit, options.RateLimits.FailedAuthentication.TokensPerPeriod, options.RateLimits.FailedAuthentication.ReplenishmentPeriod));
        Assert.Equal(TimeSpan.FromSeconds(20), options.DrainTimeout);
        var model = new ModelOptions();
        Assert.False(model.AllowNonFinite);
        Assert.Null(model.MaxBatchSize);
        Assert.Equal((1 << 20, 1 << 20, 128, TimeSpan.FromSeconds(30)), (model.MaxTensorElements, model.MaxBytesLength, model.MaxQueueLength, model.Timeout));
    }
}
