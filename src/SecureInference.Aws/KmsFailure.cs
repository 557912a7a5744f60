using Amazon.Runtime;

namespace SecureInference.Aws;

/// <summary>Says in words what an answer of AWS KMS means, and what to do. Never what KMS says itself, which names accounts and roles.</summary>
internal static class KmsFailure
{
    public static string Explain(Exception failed) => failed is AmazonServiceException { ErrorCode: { Length: > 0 } code } answer
        ? code switch
        {
            "AccessDeniedException" => "AWS KMS refused (AccessDeniedException). Grant this process' role kms:Decrypt on the key (the tool that encrypts needs kms:Encrypt).",
            "NotFoundException" => "AWS KMS does not know the key (NotFoundException). Check its name and SecureInference:AwsKms:Region.",
            "DisabledException" or "KMSInvalidStateException" => $"the key cannot be used in AWS KMS now ({code}). Enable it, or cancel its deletion.",
            "InvalidCiphertextException" or "IncorrectKeyException" => $"AWS KMS did not wrap what the file holds with this key ({code}). Encrypt the model again.",
            "ThrottlingException" or "LimitExceededException" => $"AWS KMS answers no more questions for now ({code}). Try again later.",
            "UnrecognizedClientException" or "InvalidSignatureException" or "ExpiredTokenException" or "InvalidClientTokenId" => $"AWS KMS does not accept the credentials of this process ({code}). Renew them.",
            _ => $"AWS KMS answered with status {(int)answer.StatusCode} ({Shown(code)}). Look the code up in the documentation of AWS KMS.",
        }
        : "AWS KMS could not be asked. Check that this process has credentials and a region, and reaches KMS.";

    private static string Shown(string code) => code.Length <= 64 && code.All(char.IsAsciiLetterOrDigit) ? code : "an unknown code";
}
