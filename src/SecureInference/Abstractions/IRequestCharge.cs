using Microsoft.AspNetCore.Http;

namespace SecureInference;

/// <summary>What a request has cost its caller so far.</summary>
internal interface IRequestCharge
{
    /// <summary>Gets the tokens that the request was charged; 0 where it was charged none, or got them back.</summary>
    long Tokens { get; }

    /// <summary>Takes what a request costs beyond the least that it was let in for, before it takes a place in a queue.</summary>
    /// <param name="http">The request.</param>
    /// <param name="rows">The rows to run.</param>
    /// <param name="bytes">The bytes of the body, inflated.</param>
    /// <returns>The refusal, where the caller has not so much left; nothing is owed then.</returns>
    ValueTask<InferenceError?> SettleAsync(HttpContext http, int rows, long bytes);

    /// <summary>Gives back, once, what the request has cost: it was the server that failed.</summary>
    void GiveBack(HttpContext http);

    /// <summary>Forgets the request: the connection begins another.</summary>
    void End();
}
