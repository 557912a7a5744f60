using System.Collections.Frozen;

namespace SecureInference.Models;

/// <summary>The versions of a model that serve at a time. It never changes: another takes its place.</summary>
internal sealed class VersionSet
{
    private readonly FrozenDictionary<string, (ServedVersion Served, ModelHandle Handle)> _byNumber;
    private readonly ModelHandle _latest;

    /// <param name="model">Whose versions they are.</param>
    /// <param name="versions">At least one, the highest first.</param>
    public VersionSet(CatalogModel model, IReadOnlyList<ServedVersion> versions)
    {
        All = versions;
        Numbers = [.. versions.Reverse().Select(static version => version.Metadata.Version)];
        _latest = new ModelHandle(model, version: null, versions[0].Metadata);
        _byNumber = versions.ToFrozenDictionary(
            static version => version.Metadata.Version,
            version => (version, new ModelHandle(model, version.Metadata.Version, version.Metadata)),
            StringComparer.Ordinal);
    }

    public IReadOnlyList<ServedVersion> All { get; }

    /// <summary>Gets the numbers, the lowest first.</summary>
    public IReadOnlyList<string> Numbers { get; }

    /// <param name="version">The number, or <see langword="null"/> for the highest.</param>
    public ServedVersion? Find(string? version) => version is null ? All[0] : _byNumber.GetValueOrDefault(version).Served;

    public ModelHandle? FindHandle(string? version) => version is null ? _latest : _byNumber.GetValueOrDefault(version).Handle;
}
