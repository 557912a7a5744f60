namespace SecureInference.IntegrationTests.Auditing;

/// <summary>A real file system that something else fills to its last byte.</summary>
internal sealed class FullDisk(SmallMount mount) : TroubledDisk
{
    private string Ballast => Path.Combine(mount.Path, "ballast");

    public override string Folder => Path.Combine(mount.Path, "audit");

    public override void Break()
    {
        using var file = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var page = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(page);
            }
        }
        catch (IOException)
        {
            // There is no space left on the device.
        }
    }

    public override void Mend() => File.Delete(Ballast);

    public override void Dispose() => mount.Dispose();
}
