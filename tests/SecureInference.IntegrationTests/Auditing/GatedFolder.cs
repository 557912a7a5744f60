using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.IntegrationTests.Auditing;

/// <summary>A folder whose files are synced only while a gate is open.</summary>
internal sealed class GatedFolder(LogFolder inner, ManualResetEventSlim gate) : LogFolder
{
    public override string Name => inner.Name;

    public override IDisposable Lock(string name) => inner.Lock(name);

    public override IReadOnlyList<string> Names() => inner.Names();

    public override bool Exists(string name) => inner.Exists(name);

    public override LogFile Create(string name) => new GatedFile(inner.Create(name), gate);

    public override LogFile Open(string name, bool isWritable = false) => inner.Open(name, isWritable);

    public override void Rename(string name, string newName) => inner.Rename(name, newName);

    public override void Delete(string name) => inner.Delete(name);

    public override void MakeReadOnly(string name) => inner.MakeReadOnly(name);

    public override bool IsOpenToOthers(string name) => inner.IsOpenToOthers(name);

    public override long BirthOf(string name) => inner.BirthOf(name);

    public override void CreateFolder(string name) => inner.CreateFolder(name);

    public override void Sync() => inner.Sync();
}
