using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Attacks;

/// <summary>Connections on which nobody is known are few; those of known callers are not counted.</summary>
public sealed class ConnectionLimitTests : IDisposable
{
    private const int Most = 5;
    private const string Ask = "GET /v2 HTTP/1.1\r\nHost: localhost\r\n";
    private readonly List<RawClient> _clients = [];
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<string?> _refused = new();

    public void Dispose()
    {
        _clients.ForEach(static client => client.Dispose());
        _listener.Dispose();
    }

    [Fact]
    public async Task Connect_TooManyStrangers_IsClosedAtOnceAndCounted()
    {
        await using var app = await StartAsync();
        for (var index = 0; index < Most; index++)
        {
            await AskAsync(await ConnectAsync(app), key: null, 401);
        }

        Assert.Null(await TryAskAsync(app));
        Assert.Equal(["total"], _refused);
    }

    [Fact]
    public async Task Connect_CallersAreKnown_TakeNoPlaces()
    {
        await using var app = await StartAsync();
        for (var index = 0; index < 3 * Most; index++)
        {
            await AskAsync(await ConnectAsync(app), app.Key, 200);
        }

        for (var index = 0; index < Most; index++)
        {
            await AskAsync(await ConnectAsync(app), key: null, 401);
        }

        Assert.Empty(_refused);
        Assert.Null(await TryAskAsync(app));
    }

    [Fact]
    public async Task Connect_KnownCallerAmongManyStrangers_GivesItsPlaceToTheNext()
    {
        await using var app = await StartAsync();
        for (var index = 0; index < Most; index++)
        {
            await AskAsync(await ConnectAsync(app), key: null, 401);
        }

        await AskAsync(_clients[0], app.Key, 200);

        await AskAsync(await ConnectAsync(app), key: null, 401);
        Assert.Empty(_refused);
    }

    [Fact]
    public async Task Connect_StrangersHaveGone_TakesOthers()
    {
        await using var app = await StartAsync();
        for (var index = 0; index < Most; index++)
        {
            await AskAsync(await ConnectAsync(app), key: null, 401);
        }

        _clients.ForEach(static client => client.Dispose());

        // The server hears of the ends a little later.
        await EchoApp.UntilAsync(async () => await TryAskAsync(app) == 401, TestContext.Current.CancellationToken);
    }

    /// <summary>Asks on a connection of its own, as a stranger.</summary>
    /// <returns>The status, or nothing where the connection is closed at once.</returns>
    private static async Task<int?> TryAskAsync(GuardedApp app)
    {
        try
        {
            var answer = await RawClient.ExchangeAsync(app.Address, $"{Ask}Connection: close\r\n\r\n", TestContext.Current.CancellationToken);
            return RawClient.Statuses(answer) is [var status] ? status : null;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            // So soon that connecting itself hears of it.
            return null;
        }
    }

    private static async Task AskAsync(RawClient client, string? key, int expected)
    {
        await client.SendAsync(key is null ? $"{Ask}\r\n" : $"{Ask}x-api-key: {key}\r\n\r\n", TestContext.Current.CancellationToken);
        Assert.Equal([expected], RawClient.Statuses(await client.ReadAnswersAsync(1, TestContext.Current.CancellationToken)));
    }

    private async Task<RawClient> ConnectAsync(GuardedApp app)
    {
        var client = await RawClient.ConnectAsync(app.Address, TestContext.Current.CancellationToken);
        _clients.Add(client);
        return client;
    }

    private async Task<GuardedApp> StartAsync()
    {
        var app = await EchoApp.StartAsync(FakeModel.Echo(), settings: new Dictionary<string, string?>
        {
            ["Arrival:Connections:MaxUnauthenticatedConnections"] = $"{Most}",
        });
        var meters = app.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Name == "secure_inference.arrival.connections_refused")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => _refused.Enqueue(tags[0].Value as string));
        _listener.Start();
        return app;
    }
}
