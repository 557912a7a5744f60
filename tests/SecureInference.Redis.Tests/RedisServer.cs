using SecureInference.TestSupport;
using StackExchange.Redis;

namespace SecureInference.Redis.Tests;

/// <summary>A real Redis, and a way to ask it beside what is tested.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly RedisProcess _process;
    private ConnectionMultiplexer? _admin;

    private RedisServer(RedisProcess process) => _process = process;

    public static bool IsMissing => RedisProcess.IsMissing;

    public int Port => _process.Port;

    public string Address => _process.Address;

    /// <param name="more">Further arguments; with <c>--tls-port</c> among them, PORT stands for the port.</param>
    public static async Task<RedisServer> StartAsync(params string[] more) => new(await RedisProcess.StartAsync(more));

    public async Task<IDatabase> AdminAsync()
    {
        _admin ??= await ConnectionMultiplexer.ConnectAsync($"{Address},allowAdmin=true,abortConnect=false");
        return _admin.GetDatabase();
    }

    public void Kill() => _process.Kill();

    public Task RestartAsync() => _process.RestartAsync();

    public void Pause() => _process.Pause();

    public void Resume() => _process.Resume();

    public async ValueTask DisposeAsync()
    {
        if (_admin is not null)
        {
            await _admin.DisposeAsync();
        }

        _process.Dispose();
    }
}
