using System.Diagnostics.CodeAnalysis;

namespace SecureInference;

/// <summary>A section of the configuration that another package reads: its names must be known here, since unknown ones stop the start.</summary>
/// <param name="name">The section's name.</param>
/// <param name="options">The options it is read into.</param>
internal sealed class ConfigurationPart(
    string name,
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] Type options)
{
    public string Name { get; } = name;

    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)]
    public Type Options { get; } = options;
}
