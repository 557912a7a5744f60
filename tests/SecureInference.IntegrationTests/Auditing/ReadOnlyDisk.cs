namespace SecureInference.IntegrationTests.Auditing;

/// <summary>A folder that another file system hides, which is read-only: what is written to the open file is found nowhere, and no new one can be made.</summary>
internal sealed class ReadOnlyDisk(SmallMount mount) : TroubledDisk
{
    public override string Folder => mount.Path;

    public override void Break() => mount.Cover();

    public override void Mend() => mount.Uncover();

    public override void Dispose() => mount.Dispose();
}
