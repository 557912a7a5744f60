using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;

namespace SecureInference;

/// <summary>Says of each guarded request how it ended and how long it took, in metrics and as a span. Health probes are left to the platform.</summary>
internal sealed class RequestTelemetry
{
    private static readonly double[] Seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _refused;
    private readonly TimeProvider _time;

    public RequestTelemetry(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(SecureInferenceDefaults.TelemetryName);
        _duration = meter.CreateHistogram(
            "secure_inference.request.duration",
            "s",
            "Time from a request's arrival to the end of its answer.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
        _refused = meter.CreateCounter<long>("secure_inference.request.refused", "{request}", "Requests that were not answered as asked, by the rule that the caller was told.");
    }

    /// <summary>Begins a request, in the flow that it goes on in.</summary>
    public void Begin(InferenceContext context)
    {
        context.Started = _duration.Enabled ? _time.GetTimestamp() : 0;
        context.Span = TraceSource.IsHeard ? StartSpan(context) : null;
    }

    /// <summary>Ends a request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="context">What is known of it.</param>
    /// <param name="operation">What its endpoint does, where it says so.</param>
    /// <param name="hasFailed">Whether it ended with an exception.</param>
    public void End(HttpContext http, InferenceContext context, InferenceOperation? operation, bool hasFailed)
    {
        if (context.Started == 0 && context.Span is null && !_refused.Enabled)
        {
            return;
        }

        var outcome = OutcomeOf(http, context, hasFailed);
        Count(context, operation.ToTag(), outcome);
        if (context.Span is { } span)
        {
            context.Span = null;
            End(span, context, operation.ToTag(), outcome);
        }
    }

    private void Count(InferenceContext context, string operation, string outcome)
    {
        if (context.Started != 0)
        {
            var tags = new TagList { { "operation", operation }, { "outcome", outcome } };
            if (context.Model is { } model)
            {
                tags.Add("model", model);
            }

            _duration.Record(_time.GetElapsedTime(context.Started).TotalSeconds, tags);
        }

        // Who has gone was refused nothing.
        if (context.Refusal is { } error && outcome != RequestOutcome.Cancelled && _refused.Enabled)
        {
            _refused.Add(1, new KeyValuePair<string, object?>("operation", operation), new KeyValuePair<string, object?>("rule", error.Rule));
        }
    }

    private static Activity? StartSpan(InferenceContext context)
    {
        if (TraceSource.FindForeign(context.CameByKnownProxy) is not { } foreign)
        {
            return TraceSource.Source.StartActivity("request");
        }

        // A stranger must not choose in which trace its request is found, nor whether it is sampled: a trace of its own, which names the other.
        var current = Activity.Current;
        Activity.Current = null;
        var span = TraceSource.Source.StartActivity(ActivityKind.Server, links: foreign.Context == default ? [] : [new ActivityLink(foreign.Context)], name: "request");
        if (span is null)
        {
            Activity.Current = current;
        }

        return span;
    }

    private static void End(Activity span, InferenceContext context, string operation, string outcome)
    {
        if (span.IsAllDataRequested)
        {
            span.DisplayName = context.Model is null ? operation : $"{operation} {context.Model}";
            span.SetTag("operation", operation).SetTag("outcome", outcome).SetTag("model", context.Model).SetTag("model.version", context.ModelVersion);
            span.SetTag("rule", context.Refusal?.Rule);
            if (context.Rows != 0)
            {
                span.SetTag("rows", context.Rows);
            }

            if (outcome == RequestOutcome.Failed)
            {
                span.SetStatus(ActivityStatusCode.Error, context.Refusal?.Rule);
            }
        }

        span.Dispose();
    }

    private static string OutcomeOf(HttpContext http, InferenceContext context, bool hasFailed)
    {
        if (!context.IsAnswered && http.RequestAborted.IsCancellationRequested)
        {
            return RequestOutcome.Cancelled;
        }

        return http.Response.StatusCode switch
        {
            >= StatusCodes.Status500InternalServerError => RequestOutcome.Failed,
            >= StatusCodes.Status400BadRequest => RequestOutcome.Refused,
            _ => hasFailed ? RequestOutcome.Failed : RequestOutcome.Success,
        };
    }
}
