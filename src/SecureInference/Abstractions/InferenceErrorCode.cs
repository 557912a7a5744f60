namespace SecureInference;

/// <summary>Every reason for which a request is not answered as asked.</summary>
public enum InferenceErrorCode
{
    /// <summary>401: no credential was sent.</summary>
    CredentialMissing,

    /// <summary>403: an API key (401 by option) or a client certificate was sent, and is not accepted.</summary>
    CredentialRejected,

    /// <summary>401: a bearer token was sent, and is not accepted.</summary>
    TokenInvalid,

    /// <summary>400: credentials that contradict each other, or are malformed.</summary>
    CredentialsAmbiguous,

    /// <summary>403: the caller is known, and may not do this.</summary>
    ScopeInsufficient,

    /// <summary>403: plain HTTP where HTTPS is required.</summary>
    HttpsRequired,

    /// <summary>403: the address is outside the allowed networks.</summary>
    NetworkNotAllowed,

    /// <summary>400: the HTTP message contradicts itself.</summary>
    MessageMalformed,

    /// <summary>404: the model is unknown, or not visible to this caller.</summary>
    ModelNotFound,

    /// <summary>404: the path is unknown.</summary>
    PathNotFound,

    /// <summary>405: the path does not know this verb.</summary>
    MethodNotAllowed,

    /// <summary>429: the caller's limit is used up.</summary>
    RateLimited,

    /// <summary>400: the request costs more than one of its limits ever holds.</summary>
    CostTooHigh,

    /// <summary>413: the body is larger than the model's largest legal payload.</summary>
    BodyTooLarge,

    /// <summary>415: the body's encoding is not supported.</summary>
    EncodingNotSupported,

    /// <summary>408: the body came too slowly.</summary>
    BodyTooSlow,

    /// <summary>400: the body is not a request of the protocol.</summary>
    PayloadMalformed,

    /// <summary>400: a tensor does not match the model's signature or limits.</summary>
    TensorInvalid,

    /// <summary>503: the model's queue is full.</summary>
    QueueFull,

    /// <summary>503: the server is shutting down.</summary>
    Draining,

    /// <summary>503: the audit log cannot take the record.</summary>
    AuditUnavailable,

    /// <summary>503: what credentials are checked by is out of date, and nothing may be decided by it.</summary>
    CredentialsUnavailable,

    /// <summary>503: limits that nodes share cannot be checked, and the app lets nothing pass then.</summary>
    LimitsUnavailable,

    /// <summary>504: the deadline passed in the queue or in the run.</summary>
    DeadlineExceeded,

    /// <summary>400: the model refused these values while it ran.</summary>
    ModelRejectedInput,

    /// <summary>400: the answer cannot be written in the form asked for.</summary>
    OutputNotRepresentable,

    /// <summary>500: the model failed.</summary>
    ModelFailed,

    /// <summary>500: a guarded endpoint was reached without its guards, or a part failed.</summary>
    Internal,

    /// <summary>503: the model fails whatever it is asked.</summary>
    ModelUnavailable,
}
