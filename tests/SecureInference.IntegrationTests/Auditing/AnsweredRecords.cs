using SecureInference.IntegrationTests.Load;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Auditing;

/// <summary>Says which of its two records a request that was answered with 200 has in a log.</summary>
internal sealed class AnsweredRecords
{
    private readonly HashSet<string> _decided = [];
    private readonly HashSet<string> _answered = [];

    public AnsweredRecords(string folder)
    {
        foreach (var record in AuditFiles.Read(folder).Where(static record => record.TryGetProperty("traceId", out _)))
        {
            if (record.GetProperty("kind").ValueEquals("decision") && record.GetProperty("decision").ValueEquals("allow"))
            {
                _decided.Add(record.GetProperty("traceId").GetString()!);
            }
            else if (record.GetProperty("kind").ValueEquals("outcome") && record.GetProperty("status").GetInt32() == 200)
            {
                _answered.Add(record.GetProperty("traceId").GetString()!);
            }
        }
    }

    /// <summary>Returns how many of its two records are missing.</summary>
    public int LostOf(LoadAnswer answer) => (_decided.Contains(answer.Trace) ? 0 : 1) + (_answered.Contains(answer.Trace) ? 0 : 1);
}
