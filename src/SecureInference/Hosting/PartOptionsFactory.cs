using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace SecureInference.Hosting;

/// <summary>Makes a feature's options from its part of <see cref="SecureInferenceOptions"/>, then lets code change them.</summary>
internal sealed class PartOptionsFactory<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TPart>(
    IOptions<SecureInferenceOptions> root,
    Func<SecureInferenceOptions, TPart> part,
    IEnumerable<IConfigureOptions<TPart>> configure,
    IEnumerable<IPostConfigureOptions<TPart>> postConfigure,
    IEnumerable<IValidateOptions<TPart>> validate)
    : OptionsFactory<TPart>(configure, postConfigure, validate), IOptionsFactory<TPart>
    where TPart : class
{
    private readonly Lock _lock = new();
    private TPart? _made;

    // The check at start and the part's own stage each ask. They get the same options: what code changes, it must change once.
    TPart IOptionsFactory<TPart>.Create(string name)
    {
        lock (_lock)
        {
            return _made ??= Create(name);
        }
    }

    protected override TPart CreateInstance(string name) => part(root.Value);
}
