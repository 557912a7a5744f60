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
    : OptionsFactory<TPart>(configure, postConfigure, validate)
    where TPart : class
{
    protected override TPart CreateInstance(string name) => part(root.Value);
}
