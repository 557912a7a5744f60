using Microsoft.Extensions.Options;

namespace SecureInference.Aws;

/// <summary>Stops the start where the options have problems.</summary>
internal sealed class AwsKmsOptionsValidator : IValidateOptions<AwsKmsOptions>
{
    public ValidateOptionsResult Validate(string? name, AwsKmsOptions options)
    {
        var problems = options.Problems().Select(static problem => "SecureInference:" + problem).ToArray();
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
