using Microsoft.Extensions.Options;

namespace SecureInference.Redis;

/// <summary>Stops the start where the options have problems.</summary>
internal sealed class RedisOptionsValidator : IValidateOptions<RedisOptions>
{
    public ValidateOptionsResult Validate(string? name, RedisOptions options)
    {
        var problems = options.Problems().Select(static problem => "SecureInference:" + problem).ToArray();
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
