using System.Diagnostics;
using SecureInference.Runtime.Batching;

namespace SecureInference.Runtime;

/// <summary>The spans of waiting and running: two below each request, and one of its own for a batch, linked to those who share it.</summary>
internal static class RunSpans
{
    /// <summary>Begins the span of a batch that several requests share; of none of them it is a part.</summary>
    public static Activity? BeginBatch(string model, RunningBatch batch)
    {
        if (batch.Requests.Count < 2 || !TraceSource.IsHeard)
        {
            return null;
        }

        var links = new List<ActivityLink>(batch.Requests.Count);
        // By index: a request may leave meanwhile, which changes the list.
        for (var index = 0; index < batch.Requests.Count; index++)
        {
            if (batch.Requests[index]?.Request?.Report is { } report && report.Asker != default)
            {
                links.Add(new ActivityLink(report.Asker));
            }
        }

        // A batch of those who are not traced themselves would tell nobody anything.
        var span = links.Count == 0 ? null : TraceSource.Source.StartActivity(ActivityKind.Internal, links: links, name: "batch");
        if (span is { IsAllDataRequested: true })
        {
            span.DisplayName = $"batch {model}";
            span.SetTag("model", model).SetTag("requests", batch.Requests.Count).SetTag("rows", batch.Rows);
        }

        return span;
    }

    /// <summary>Tells afterwards how long a request waited and ran: what is made meanwhile would have to go from one thread to another with it.</summary>
    public static void Tell(string model, RunReport report, DateTimeOffset begun, DateTimeOffset ended)
    {
        var waited = report.QueueTime is { } queue ? begun + queue : ended;
        if (waited > begun)
        {
            using var waiting = Start("queue", model, report.Asker, begun, batch: default);
            waiting?.SetEndTime(waited.UtcDateTime);
        }

        if (report.RunTime is { } run)
        {
            using var running = Start("run", model, report.Asker, waited, report.Batch);
            running?.SetEndTime((waited + run).UtcDateTime);
        }
    }

    private static Activity? Start(string name, string model, ActivityContext asker, DateTimeOffset start, ActivityContext batch)
    {
        var links = batch == default ? null : new[] { new ActivityLink(batch) };
        var span = TraceSource.Source.StartActivity(ActivityKind.Internal, asker, links: links, startTime: start, name: name);
        return span?.SetTag("model", model);
    }
}
