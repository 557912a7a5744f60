using Microsoft.Extensions.DependencyInjection;

namespace SecureInference.IntegrationTests.Auditing;

/// <summary>The disk of an audit log, which stops taking records and takes them again.</summary>
internal abstract class TroubledDisk : IDisposable
{
    public const string Full = "full";
    public const string ReadOnly = "read-only";
    public const string Slow = "slow";

    /// <summary>Gets where the log lies.</summary>
    public abstract string Folder { get; }

    /// <summary>Makes a disk; the test is skipped where this process may not mount one.</summary>
    public static TroubledDisk Of(string trouble) => trouble switch
    {
        Full => new FullDisk(SmallMount.Make("1m")),
        ReadOnly => new ReadOnlyDisk(SmallMount.Make("1m")),
        _ => new SlowDisk(),
    };

    /// <summary>Adds what the app needs to use it.</summary>
    public virtual void AddTo(IServiceCollection services)
    {
    }

    public abstract void Break();

    public abstract void Mend();

    public abstract void Dispose();
}
