using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SecureInference.Hosting.DryRun;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Hosting.DryRun;

public sealed class DryRunTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly FakeModel _model = FakeModel.Echo();
    private int? _exitCode;

    [Fact]
    public async Task Check_GoodApp_SaysFineAndListsWhatEndpointsDemand()
    {
        await CheckAsync();

        Assert.Equal(0, _exitCode);
        Assert.EndsWith("fine" + Environment.NewLine, _output.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("environment: Development" + Environment.NewLine, _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Models that load: m", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("model:{model}:infer", _output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("problem: ", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_GoodApp_LeavesNothingBehind()
    {
        var service = new Noticed();

        await CheckAsync(services: services => services.AddHostedService(_ => service));

        Assert.Equal(0, _exitCode);
        Assert.False(service.HasStarted);
        Assert.False(Directory.Exists(_folder.File("audit")));
        Assert.Equal(1, _model.Disposals);
        Assert.Equal(0, _model.Runs);
    }

    [Fact]
    public async Task Check_SectionWithManyFaults_SaysEachOnce()
    {
        await CheckAsync(settings: new()
        {
            ["RateLimit:Default"] = "1",
            ["RateLimits:Default:TokenLimits"] = "1",
            ["RateLimits:Default:TokenLimit"] = "0",
            ["Audit:QueueCapacity"] = "many",
            ["Audit:RefusalInterval"] = "2:00:00",
            ["Arrival:AllowedNetworks"] = "10.0.0.0/8",
            ["DrainTimeout"] = "9:00:00",
            ["ApiKeys:Store"] = "none.json",
        });

        var problems = Problems();
        Assert.Equal(1, _exitCode);
        foreach (var text in new[]
        {
            "SecureInference:RateLimit is not an option", "RateLimits:Default:TokenLimits is not an option", "SecureInference:RateLimits:Default:TokenLimit is 0.",
            "Audit:QueueCapacity is 'many'", "Audit:RefusalInterval is 02:00:00", "Arrival:AllowedNetworks is '10.0.0.0/8'", "DrainTimeout is 09:00:00", "none.json' does not exist",
        })
        {
            Assert.Single(problems, problem => problem.Contains(text, StringComparison.Ordinal));
        }

        Assert.Equal(8, problems.Length);
        Assert.EndsWith("8 problems" + Environment.NewLine, _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_StoreThatIsNotThere_IsFileTrouble()
    {
        await CheckAsync(settings: new() { ["ApiKeys:Store"] = "none.json" });

        Assert.Equal(3, _exitCode);
    }

    [Fact]
    public async Task Check_EveryModelThatDoesNotLoad_IsNamed()
    {
        await CheckAsync(static guards =>
        {
            foreach (var name in new[] { "no name", "m", "neither/this" })
            {
                guards.Services.AddSingleton(new ModelRegistration(name, new ModelOptions { Path = "fake" }));
            }
        });

        Assert.Equal(1, _exitCode);
        Assert.Contains("'no name' is no name for a model", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("'neither/this' is no name for a model", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Two models are called 'm'", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Models that load: m", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, _model.Disposals);
    }

    [Fact]
    public async Task Check_EveryCheckOfTheStart_IsRun()
    {
        await CheckAsync(services: static services =>
        {
            services.AddSingleton<IStartCheck>(static _ => throw new InvalidOperationException("cannot be made"));
            services.AddSingleton<IStartCheck, Failing>();
            services.AddSingleton<IStartCheck>(new Failing("of an instance"));
        });

        Assert.Equal(1, _exitCode);
        Assert.Equal(["problem: cannot be made", "problem: of a type", "problem: of an instance"], Problems());
    }

    [Fact]
    public async Task Check_EndpointThatIsGuardedWrongly_IsAProblem()
    {
        await CheckAsync(use: static app => app.MapGet("/own", static () => "ran").RequireInferenceGuards("m").Finally(static endpoint => endpoint.Metadata.Clear()));

        Assert.Equal(1, _exitCode);
        Assert.Contains("/own' is to be guarded, but does not declare what it demands", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_Warnings_AreShownAndFailNothing()
    {
        await CheckAsync(use: static app => app.MapGet("/own", static () => "ran").RequireInferenceGuards("misspelt"));

        Assert.Equal(0, _exitCode);
        Assert.Contains("warning: The endpoint HTTP: GET /own demands rights on the model misspelt", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_AsJson_SaysTheSameOnOneStream()
    {
        await CheckAsync(settings: new() { ["Audit:QueueCapacity"] = "0" }, use: static app => app.MapGet("/open", static () => "ran"), arguments: "--check-config --json");

        using var json = JsonDocument.Parse(_output.ToString());
        var root = json.RootElement;
        Assert.Equal("", _error.ToString());
        Assert.False(root.GetProperty("fine").GetBoolean());
        Assert.Equal((_exitCode, "Development"), (root.GetProperty("exitCode").GetInt32(), root.GetProperty("environment").GetString()));
        var problem = Assert.Single(root.GetProperty("problems").EnumerateArray());
        Assert.StartsWith("SecureInference:Audit:QueueCapacity is 0.", problem.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.False(problem.GetProperty("unreadable").GetBoolean());
        Assert.Equal(JsonValueKind.Array, root.GetProperty("warnings").ValueKind);
        Assert.Equal("m", Assert.Single(root.GetProperty("models").EnumerateArray()).GetString());
        var endpoints = root.GetProperty("endpoints").EnumerateArray().ToDictionary(static endpoint => endpoint.GetProperty("path").GetString()!);
        Assert.Equal("""{"verbs":["POST"],"path":"/v2/models/{model}/infer","guarded":true,"operation":"infer","demands":"model:{model}:infer"}""", Compact(endpoints["/v2/models/{model}/infer"]));
        Assert.Equal("""{"verbs":["GET"],"path":"/open","guarded":false,"operation":null,"demands":"not guarded"}""", Compact(endpoints["/open"]));
    }

    [Fact]
    public async Task Check_OptionThatWouldBeSwallowed_IsWrongUsage()
    {
        await CheckAsync(arguments: "--check-config --environment Production");

        Assert.Equal(2, _exitCode);
        Assert.Contains("'--environment' after --check-config", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal("", _output.ToString());
    }

    [Fact]
    public async Task Check_AnotherLifetimeInItsPlace_DoesNotStartTheApp()
    {
        var service = new Noticed();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(
            guards => guards.Services.AddSingleton<IHostLifetime, Instant>(), use: null, settings: [], services => services.AddHostedService(_ => service), "--check-config"));

        Assert.Contains("Call AddSecureInference() after UseSystemd()", exception.Message, StringComparison.Ordinal);
        Assert.False(service.HasStarted);
        Assert.Null(_exitCode);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    private async Task CheckAsync(
        Action<ISecureInferenceBuilder>? add = null,
        Action<WebApplication>? use = null,
        Dictionary<string, string?>? settings = null,
        Action<IServiceCollection>? services = null,
        string arguments = "--check-config") =>
        await Assert.ThrowsAsync<OperationCanceledException>(() => StartAsync(add, use, settings ?? [], services, arguments));

    private Task<GuardedApp> StartAsync(
        Action<ISecureInferenceBuilder>? add, Action<WebApplication>? use, Dictionary<string, string?> settings, Action<IServiceCollection>? services, string arguments)
    {
        settings["Audit:Directory"] = _folder.File("audit");
        return GuardedApp.StartAsync(
            guards =>
            {
                guards.Services.AddSingleton<IModelLoader>(_model);
                guards.Services.AddSingleton(new ModelRegistration("m", new ModelOptions { Path = "fake" }));
                add?.Invoke(guards);
            },
            app =>
            {
                app.UseSecureInference();
                app.MapSecureInference();
                use?.Invoke(app);
            },
            settings,
            collection =>
            {
                collection.AddSingleton(new DryRunCommand(["app.dll", .. arguments.Split(' ')], _output, _error, code => _exitCode = code));
                services?.Invoke(collection);
            });
    }

    private string[] Problems() =>
        [.. _error.ToString().Split(Environment.NewLine).Where(static line => line.StartsWith("problem: ", StringComparison.Ordinal))];

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);

    private sealed class Noticed : IHostedService
    {
        public bool HasStarted { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            HasStarted = true;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Failing(string text) : IStartCheck
    {
        public Failing(ILogger<Failing> logger)
            : this("of a type") => Assert.NotNull(logger);

        public Task CheckAsync(CancellationToken cancellationToken) => throw new InvalidOperationException(text);
    }

    private sealed class Instant : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
