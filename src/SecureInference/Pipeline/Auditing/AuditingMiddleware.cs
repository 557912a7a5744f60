using Microsoft.AspNetCore.Http;

namespace SecureInference.Pipeline.Auditing;

/// <summary>Opens the record, so that every later refusal is on it, and closes it when the answer is done.</summary>
internal sealed class AuditingMiddleware
{
    private readonly RequestDelegate _next;
    private readonly AuditLog _log;
    private readonly TimeProvider _time;

    public AuditingMiddleware(RequestDelegate next, AuditLog log, TimeProvider time)
    {
        _next = next;
        _log = log;
        _time = time;
    }

    public async Task InvokeAsync(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        var context = InferenceContext.Get(http);
        context.Mark(InferenceStage.Auditing, endpoint);
        if (endpoint?.Metadata.GetMetadata<InferenceEndpointMetadata>()?.Operation == InferenceOperation.Health)
        {
            await _next(http);
            return;
        }

        // One that is open is of the same request, which somebody sends through the guards within the guards.
        var record = context.Record is RequestRecord { IsOpen: false } kept && kept.IsOf(_log) ? kept : new RequestRecord(_log, _time);
        record.Begin(http, context);
        context.Record = record;
        var hasFailed = true;
        try
        {
            await _next(http);
            hasFailed = false;
        }
        catch (BadHttpRequestException exception) when (!http.Response.HasStarted)
        {
            // The server, or an error page, answers this one with its own status, and the record must say the same.
            http.Response.StatusCode = exception.StatusCode;
            hasFailed = false;
            throw;
        }
        finally
        {
            record.Close(hasFailed);
        }
    }
}
