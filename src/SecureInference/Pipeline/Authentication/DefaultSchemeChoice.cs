using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace SecureInference.Pipeline.Authentication;

/// <summary>Leaves an app the default scheme that it would have without ours; an app without a scheme of its own gets ours.</summary>
internal sealed class DefaultSchemeChoice : IPostConfigureOptions<AuthenticationOptions>
{
    public void PostConfigure(string? name, AuthenticationOptions options)
    {
        if (options.DefaultScheme is not null)
        {
            return;
        }

        // The platform takes a scheme that is alone for the default one; ours must not end that.
        var others = options.Schemes.Where(static scheme => scheme.Name != SecureInferenceDefaults.AuthenticationScheme).Take(2).ToArray();
        options.DefaultScheme = others.Length switch
        {
            0 => SecureInferenceDefaults.AuthenticationScheme,
            1 => others[0].Name,
            _ => null,
        };
    }
}
