namespace SecureInference;

/// <summary>The texts that callers see. What comes from a request is shortened; nothing else varies.</summary>
internal static class InferenceErrors
{
    /// <summary>Long enough for any sensible tensor name, short enough that an answer stays small.</summary>
    private const int MaxQuotedLength = 80;

    public static InferenceError CredentialMissing { get; } = new(
        InferenceErrorCode.CredentialMissing, "No credential was sent. Send one that the server takes.");

    public static InferenceError TokenInvalid { get; } = new(
        InferenceErrorCode.TokenInvalid, "The bearer token is not valid.");

    public static InferenceError CredentialsUnavailable { get; } = new(
        InferenceErrorCode.CredentialsUnavailable, "Credentials cannot be checked at the moment.")
    { RetryAfter = TimeSpan.FromSeconds(5) };

    public static InferenceError CredentialsDiffer { get; } = new(
        InferenceErrorCode.CredentialsAmbiguous, "The request carries credentials that name different callers. Send one.");

    public static InferenceError AuthorizationMalformed { get; } = new(
        InferenceErrorCode.CredentialsAmbiguous, "The Authorization header is malformed. Send one, as 'Bearer' and a token.");

    public static InferenceError Forbidden { get; } = new(
        InferenceErrorCode.ScopeInsufficient, "The credential does not allow this operation.");

    public static InferenceError HttpsRequired { get; } = new(
        InferenceErrorCode.HttpsRequired, "HTTPS is required here.");

    public static InferenceError NetworkNotAllowed { get; } = new(
        InferenceErrorCode.NetworkNotAllowed, "Requests from this network are not accepted.");

    public static InferenceError FramingAmbiguous { get; } = new(
        InferenceErrorCode.MessageMalformed, "The request has both Transfer-Encoding and Content-Length.");

    public static InferenceError ForwardedForMalformed { get; } = new(
        InferenceErrorCode.MessageMalformed, "X-Forwarded-For names no address where the client's should stand.");

    public static InferenceError TransferCodingUnknown { get; } = new(
        InferenceErrorCode.MessageMalformed, "Transfer-Encoding may be 'chunked', once, in HTTP/1.1.");

    public static InferenceError PathNotFound { get; } = new(
        InferenceErrorCode.PathNotFound, "There is nothing at this path.");

    public static InferenceError BodyTooLarge { get; } = new(
        InferenceErrorCode.BodyTooLarge, "The body is larger than any legal request of this model.");

    public static InferenceError EncodingNotSupported { get; } = new(
        InferenceErrorCode.EncodingNotSupported, "Content-Encoding may be 'gzip' or 'deflate', once.");

    public static InferenceError BodyTooSlow { get; } = new(
        InferenceErrorCode.BodyTooSlow, "The body came too slowly.");

    public static InferenceError BodyTruncated { get; } = new(
        InferenceErrorCode.PayloadMalformed, "The body ended early, or is not framed or compressed as its headers say.");

    public static InferenceError Draining { get; } = new(
        InferenceErrorCode.Draining, "The server is shutting down.")
    { RetryAfter = TimeSpan.FromSeconds(5) };

    public static InferenceError AuditUnavailable { get; } = new(
        InferenceErrorCode.AuditUnavailable, "The request cannot be recorded at the moment.")
    { RetryAfter = TimeSpan.FromSeconds(1) };

    public static InferenceError LimitsUnavailable { get; } = new(
        InferenceErrorCode.LimitsUnavailable, "Limits cannot be checked at the moment.")
    { RetryAfter = TimeSpan.FromSeconds(1) };

    public static InferenceError TooManyBytesInFlight { get; } = new(
        InferenceErrorCode.QueueFull, "The server holds as many bytes of requests as it may.")
    { RetryAfter = TimeSpan.FromSeconds(1) };

    public static InferenceError TooManyBytesOfCaller { get; } = new(
        InferenceErrorCode.RateLimited, "The caller's requests hold as many bytes at once as they may. Wait for answers before sending more.")
    { RetryAfter = TimeSpan.FromSeconds(1) };

    public static InferenceError DeadlineExceeded { get; } = new(
        InferenceErrorCode.DeadlineExceeded, "Request timeout expired.");

    /// <summary>Gets the refusal of a request that gave itself less time than the model has: whoever asks for that must not run models for nothing.</summary>
    public static InferenceError OwnDeadlineExceeded { get; } = new(
        InferenceErrorCode.DeadlineExceeded, DeadlineExceeded.Detail)
    { IsCallersChoice = true };

    public static InferenceError ModelFailed { get; } = new(
        InferenceErrorCode.ModelFailed, "The model failed.");

    public static InferenceError ModelRejectedInput { get; } = new(
        InferenceErrorCode.ModelRejectedInput, "The model cannot run on these values.");

    public static InferenceError Internal { get; } = new(
        InferenceErrorCode.Internal, "The server failed.");

    /// <summary>Gets what a probe is told, which anybody may send: it names no model, since callers see only those that they may use.</summary>
    public static InferenceError SomeModelUnavailable { get; } = new(
        InferenceErrorCode.ModelUnavailable, "A model fails its requests at the moment.")
    { RetryAfter = TimeSpan.FromSeconds(5) };

    /// <param name="header">The header that keys are taken from.</param>
    /// <param name="others">What is taken beside keys.</param>
    public static InferenceError CredentialMissingFrom(string header, params IEnumerable<string> others) => new(
        InferenceErrorCode.CredentialMissing,
        $"No credential was sent. Send an API key in the header {header}, or as a bearer token{string.Concat(others.Select(static other => $"; or {other}"))}.");

    public static InferenceError ModelVersionNotFound(ReadOnlySpan<char> name, ReadOnlySpan<char> version) => new(
        InferenceErrorCode.ModelNotFound, $"Request for unknown model: '{Quote(name)}' version '{Quote(version)}' is not found");

    public static InferenceError CredentialRejected(int status, string reason) => new(
        InferenceErrorCode.CredentialRejected, "The API key is not accepted.")
    { StatusOverride = status, Reason = reason };

    public static InferenceError TokenRejected(string? reason) => new(
        InferenceErrorCode.TokenInvalid, TokenInvalid.Detail)
    { Reason = reason };

    public static InferenceError CertificateRejected(string reason) => new(
        InferenceErrorCode.CredentialRejected, "The client certificate is not accepted.")
    { Reason = reason };

    public static InferenceError ScopeInsufficient(string scope) => new(
        InferenceErrorCode.ScopeInsufficient, "The credential does not allow this operation.")
    { MissingScope = scope };

    public static InferenceError ModelNotFound(ReadOnlySpan<char> name) => new(
        InferenceErrorCode.ModelNotFound, $"Request for unknown model: '{Quote(name)}' is not found");

    public static InferenceError MethodNotAllowed(string allow) => new(
        InferenceErrorCode.MethodNotAllowed, $"This path answers to {allow}.")
    { Allow = allow };

    public static InferenceError RateLimited(TimeSpan retryAfter, IReadOnlyList<string> violated) => new(
        InferenceErrorCode.RateLimited, "The caller's limit is used up. Wait as Retry-After says.")
    { RetryAfter = retryAfter, ViolatedPolicies = violated };

    public static InferenceError CostTooHigh(long cost, string limit, long size) => new(
        InferenceErrorCode.CostTooHigh, $"The request costs {cost}, and the limit '{limit}' never holds more than {size}. Send less at once.");

    /// <summary>Answers a network from which too many credentials came that failed; whose they were is not known.</summary>
    public static InferenceError CredentialsLimited(TimeSpan retryAfter, IReadOnlyList<string> violated) => new(
        InferenceErrorCode.RateLimited, "Too many credentials that failed. Wait as Retry-After says.")
    { RetryAfter = retryAfter, ViolatedPolicies = violated };

    public static InferenceError QueueFull(string model, TimeSpan retryAfter) => new(
        InferenceErrorCode.QueueFull, $"Exceeds maximum queue size for model '{model}'.")
    { RetryAfter = retryAfter };

    /// <summary>Says that a model fails whatever it is asked; for those who may see the model.</summary>
    public static InferenceError ModelUnavailable(string model) => new(
        InferenceErrorCode.ModelUnavailable, $"Model '{model}' fails its requests at the moment.")
    { RetryAfter = TimeSpan.FromSeconds(5) };

    public static InferenceError Payload(string detail) => new(InferenceErrorCode.PayloadMalformed, detail);

    public static InferenceError Tensor(string detail) => new(InferenceErrorCode.TensorInvalid, detail);

    public static InferenceError OutputNotRepresentable(string output, string why) => new(
        InferenceErrorCode.OutputNotRepresentable, $"Output '{output}' {why}. Ask for it with \"binary_data\": true.");

    public static InferenceError OutputTooLarge(ModelMetadata model) => new(
        InferenceErrorCode.OutputNotRepresentable,
        $"The answer would have more than the {model.Limits.MaxOutputBytes} bytes of outputs that model '{model.Name}' gives at once. Ask for fewer rows or outputs.");

    public static InferenceError UnexpectedInput(ReadOnlySpan<char> name, string model) => Tensor(
        $"unexpected inference input '{Quote(name)}' for model '{model}'");

    public static InferenceError UnexpectedOutput(ReadOnlySpan<char> name, string model) => Tensor(
        $"unexpected inference output '{Quote(name)}' for model '{model}'");

    private static string Quote(ReadOnlySpan<char> text) => text.Length <= MaxQuotedLength
        ? text.ToString()
        : string.Concat(text[..MaxQuotedLength], "…");
}
