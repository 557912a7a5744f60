using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace SecureInference.Protocol;

/// <summary>Bytes to tensors, the run, tensors to bytes.</summary>
internal sealed class InferEndpoint(IModelCatalog catalog, BytesInFlight inFlight, IOptions<ProtocolOptions> options, ProtocolTelemetry telemetry, TimeProvider time)
{
    private readonly int _compressionThreshold = options.Value.CompressionThreshold;
    private readonly TimeSpan _bodyTimeout = options.Value.BodyTimeout;

    public async Task InferAsync(HttpContext http)
    {
        try
        {
            if (await TryInferAsync(http) is { } error)
            {
                await ErrorResponse.WriteAsync(http, error);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone: nobody is there to be answered.
        }
#pragma warning disable CA1031 // A bug of ours must not show its insides to a caller.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            telemetry.Failed(exception);
            await ErrorResponse.WriteAsync(http, InferenceErrors.Internal);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<InferenceError?> TryInferAsync(HttpContext http)
    {
        if (ModelRoute.Find(http, catalog, out var lease) is { } unknown)
        {
            return unknown;
        }

        var context = InferenceContext.Get(http);
        var model = lease.Model;
        var work = InferWork.Take(context, inFlight);
        work.Share.Begin(context.Caller?.Subject ?? "");
        InferenceResponse? response = null;
        var isOver = false;

        // On its way in until it waits or runs; and whoever is being answered is likely to ask again: its next request is on its way in, as far as a lane can know.
        model.Announce();
        try
        {
            InferCall? call;
            try
            {
                (call, var error) = await AdmitAsync(http, context, model, work);
                if (call is null || error is not null)
                {
                    isOver = true;
                    return error;
                }

                call.Request.Report = context.Report;
                response = await model.RunCheckedAsync(call.Request, http.RequestAborted);
            }
            finally
            {
                // Before the answer is written: a caller who reads slowly must not keep a version in memory that was replaced.
                lease.Dispose();
            }

            var refusal = await AnswerAsync(http, context, model, call, response);
            isOver = true;
            return refusal;
        }
        finally
        {
            model.Withdraw();
            response?.Dispose();
            work.Leave(context, isOver);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(InferCall? Call, InferenceError? Error)> AdmitAsync(
        HttpContext http, InferenceContext context, ICheckedModelRunner model, InferWork work)
    {
        var (call, error, bytes) = await ReadAsync(http, context, model, work);
        if (call is null)
        {
            // Whoever sends what cannot be read has sent it all the same.
            await context.SettleAsync(http, rows: 1, bytes);
            return (null, error);
        }

        var rows = (int)Math.Min(model.Metadata.CountRows(call.Request), int.MaxValue);
        error = model.Check(call.Request) ?? OutputForms.Check(model.Metadata, call) ?? await context.SettleAsync(http, rows, bytes) ?? await context.AllowAsync(call.Request);
        context.Rows = error is null ? rows : 0;
        return (call, error);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<InferenceError?> AnswerAsync(HttpContext http, InferenceContext context, ICheckedModelRunner model, InferCall call, InferenceResponse response) =>
        response.Error
            ?? context.Recheck()
            ?? OutputForms.Check(call, response)
            ?? await context.ConcludeAsync(StatusCodes.Status200OK, response)
            ?? await InferResponseWriter.WriteAsync(http, model.Metadata, call, response, _compressionThreshold);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(InferCall? Call, InferenceError? Error, long Bytes)> ReadAsync(
        HttpContext http, InferenceContext context, ICheckedModelRunner model, InferWork work)
    {
        var (body, share) = (work.Body, work.Share);
        if (body.Open(http, BodyLimit.Of(model.Metadata), share, _bodyTimeout, time) is { } refusal)
        {
            return (null, refusal, 0);
        }

        try
        {
            work.Draft.Begin(model, context.Caller);
            var (call, error) = await InferRequestReader.ReadAsync(http, body, work.Draft);
            return (call, error, body.Consumed);
        }
        catch (BadHttpRequestException exception)
        {
            return (null, share.Refusal ?? Translate(exception), body.Consumed);
        }
        catch (InvalidDataException)
        {
            return (null, InferenceErrors.BodyTruncated, body.Consumed);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException && !http.RequestAborted.IsCancellationRequested)
        {
            // A connection may break a moment before its request is known to be aborted.
            if (exception is ConnectionResetException)
            {
                // Else the server would look for the rest of the body, and log an error for a caller who has merely gone.
                http.Abort();
            }

            return (null, InferenceErrors.BodyTruncated, body.Consumed);
        }
        finally
        {
            await body.DisposeAsync();
        }
    }

    private static InferenceError Translate(BadHttpRequestException exception) => exception.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => InferenceErrors.BodyTooLarge,
        StatusCodes.Status408RequestTimeout => InferenceErrors.BodyTooSlow,
        _ => InferenceErrors.BodyTruncated,
    };
}
