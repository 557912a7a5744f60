using Microsoft.Extensions.Options;

namespace SecureInference.Hosting;

/// <summary>Collects what is wrong with a feature's options; each message says what to write.</summary>
internal sealed class PartValidator<TPart>(Func<TPart, IEnumerable<string>> problems) : IValidateOptions<TPart>
    where TPart : class
{
    public ValidateOptionsResult Validate(string? name, TPart options)
    {
        var found = problems(options).Select(static problem => "SecureInference:" + problem).ToArray();
        return found.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
    }
}
