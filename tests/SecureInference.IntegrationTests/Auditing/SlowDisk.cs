using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Auditing.Log;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Auditing;

/// <summary>A disk whose syncs do not end until they may.</summary>
internal sealed class SlowDisk : TroubledDisk
{
    private readonly TestFolder _folder = new();
    private readonly ManualResetEventSlim _gate = new(initialState: true);

    public override string Folder => _folder.Path;

    public override void AddTo(IServiceCollection services) => services.AddSingleton(provider =>
    {
        var options = provider.GetRequiredService<IOptions<AuditOptions>>().Value;
        var folder = new GatedFolder(DiskFolder.Make(Folder), _gate);
        var settings = new LogSettings { SyncsEachCommit = options.Durability != AuditDurability.None };
        var store = LogStore.Open(folder, settings, LogKeys.FromFolder(folder, out _), TimeProvider.System);
        return new AuditLog(store, [], options, provider.GetRequiredService<AuditTelemetry>(), TimeProvider.System);
    });

    public override void Break() => _gate.Reset();

    public override void Mend() => _gate.Set();

    public override void Dispose()
    {
        _gate.Set();
        _gate.Dispose();
        _folder.Dispose();
    }
}
