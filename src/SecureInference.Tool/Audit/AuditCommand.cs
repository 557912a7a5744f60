using System.CommandLine;

namespace SecureInference.Tool.Audit;

/// <summary><c>audit</c>: what a server's log says, and whether it is still what the server wrote.</summary>
internal static class AuditCommand
{
    private const string Description = """
        Checks and reads the audit log of a server, or of a copy. Nothing here writes to the log; the server may go on meanwhile.

          verify        was anything changed, removed or added?
          show          what happened
          report        who used which model how much
          prove         puts one request's records into a file that proves them to somebody without the log
          verify-proof  checks such a file, with nothing but a public key
          export        writes all records as JSON lines
        """;

    public static Command Create(ToolConsole console, TimeProvider time) => new("audit", Description)
    {
        new VerifyLogCommand(console).Create(),
        new ShowLogCommand(console, time).Create(),
        new ReportCommand(console, time).Create(),
        new ProveCommand(console).Create(),
        new VerifyProofCommand(console).Create(),
        new ExportLogCommand(console).Create(),
    };
}
