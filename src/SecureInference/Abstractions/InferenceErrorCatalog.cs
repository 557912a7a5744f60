namespace SecureInference;

/// <summary>The status, name and title of every reason; the one place where they stand.</summary>
internal static class InferenceErrorCatalog
{
    public static int Status(InferenceErrorCode code) => code switch
    {
        InferenceErrorCode.CredentialMissing or InferenceErrorCode.TokenInvalid => 401,
        InferenceErrorCode.CredentialRejected or InferenceErrorCode.ScopeInsufficient => 403,
        InferenceErrorCode.HttpsRequired or InferenceErrorCode.NetworkNotAllowed => 403,
        InferenceErrorCode.CredentialsAmbiguous or InferenceErrorCode.MessageMalformed => 400,
        InferenceErrorCode.PayloadMalformed or InferenceErrorCode.TensorInvalid => 400,
        InferenceErrorCode.ModelRejectedInput or InferenceErrorCode.OutputNotRepresentable or InferenceErrorCode.CostTooHigh => 400,
        InferenceErrorCode.ModelNotFound or InferenceErrorCode.PathNotFound => 404,
        InferenceErrorCode.MethodNotAllowed => 405,
        InferenceErrorCode.BodyTooSlow => 408,
        InferenceErrorCode.BodyTooLarge => 413,
        InferenceErrorCode.EncodingNotSupported => 415,
        InferenceErrorCode.RateLimited => 429,
        InferenceErrorCode.ModelFailed or InferenceErrorCode.Internal => 500,
        InferenceErrorCode.QueueFull or InferenceErrorCode.Draining or InferenceErrorCode.AuditUnavailable => 503,
        InferenceErrorCode.CredentialsUnavailable or InferenceErrorCode.LimitsUnavailable or InferenceErrorCode.ModelUnavailable => 503,
        InferenceErrorCode.DeadlineExceeded => 504,
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, null),
    };

    public static string Rule(InferenceErrorCode code) => code switch
    {
        InferenceErrorCode.CredentialMissing => "credential_missing",
        InferenceErrorCode.CredentialRejected => "credential_rejected",
        InferenceErrorCode.TokenInvalid => "invalid_token",
        InferenceErrorCode.CredentialsAmbiguous => "invalid_request",
        InferenceErrorCode.ScopeInsufficient => "insufficient_scope",
        InferenceErrorCode.HttpsRequired => "https_required",
        InferenceErrorCode.NetworkNotAllowed => "network_not_allowed",
        InferenceErrorCode.MessageMalformed => "message_malformed",
        InferenceErrorCode.ModelNotFound => "model_not_found",
        InferenceErrorCode.PathNotFound => "path_not_found",
        InferenceErrorCode.MethodNotAllowed => "method_not_allowed",
        InferenceErrorCode.RateLimited => "rate_limited",
        InferenceErrorCode.CostTooHigh => "cost_too_high",
        InferenceErrorCode.BodyTooLarge => "body_too_large",
        InferenceErrorCode.EncodingNotSupported => "encoding_not_supported",
        InferenceErrorCode.BodyTooSlow => "body_too_slow",
        InferenceErrorCode.PayloadMalformed => "payload_malformed",
        InferenceErrorCode.TensorInvalid => "tensor_invalid",
        InferenceErrorCode.QueueFull => "queue_full",
        InferenceErrorCode.Draining => "draining",
        InferenceErrorCode.AuditUnavailable => "audit_unavailable",
        InferenceErrorCode.CredentialsUnavailable => "credentials_unavailable",
        InferenceErrorCode.LimitsUnavailable => "limits_unavailable",
        InferenceErrorCode.DeadlineExceeded => "deadline_exceeded",
        InferenceErrorCode.ModelRejectedInput => "model_rejected_input",
        InferenceErrorCode.OutputNotRepresentable => "output_not_representable",
        InferenceErrorCode.ModelFailed => "model_failed",
        InferenceErrorCode.Internal => "internal",
        InferenceErrorCode.ModelUnavailable => "model_unavailable",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, null),
    };

    /// <summary>Returns the problem type: one registered with IANA where there is one, a URN of ours otherwise.</summary>
    public static string Type(InferenceErrorCode code) => code == InferenceErrorCode.RateLimited
        ? "https://iana.org/assignments/http-problem-types#quota-exceeded"
        : "urn:secureinference:error:" + Rule(code);

    public static string Title(int status) => status switch
    {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };
}
