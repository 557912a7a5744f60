using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Attacks;

/// <summary>One app for all the cases of a class.</summary>
public sealed class EchoAppFixture : IAsyncLifetime
{
    private GuardedApp? _app;

    public FakeModel Model { get; } = FakeModel.Echo();

    public GuardedApp App => _app ?? throw new InvalidOperationException("The app has not started.");

    public async ValueTask InitializeAsync() => _app = await EchoApp.StartAsync(Model);

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }
}
