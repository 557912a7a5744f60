using System.Security.Cryptography;
using System.Text;

namespace SecureInference.Tool.Audit;

/// <summary>How the page looks; the page allows this style by its hash, and nothing else at all.</summary>
internal static class ReportStyle
{
    public const string Css = """

        :root { color-scheme: light dark; --page: #f6f7f9; --card: #ffffff; --line: #e3e6eb; --text: #1b2330; --soft: #5c6675; --faint: #eef0f4;
          --ok: #2f6fdd; --refused: #d9912b; --failed: #cf3f4f; --left: #8b95a5; --good: #1d7f4e; --goodback: #e3f4ea; --bad: #a5303f; --badback: #fbe6e8; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #10141b; --card: #181e28; --line: #2a3240; --text: #e7ebf2; --soft: #9aa5b6; --faint: #212836;
            --ok: #6b9dff; --refused: #e5a94d; --failed: #f0707e; --left: #7d8899; --good: #7fd8a8; --goodback: #17352a; --bad: #ff9aa6; --badback: #40222a; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
        main { max-width: 1120px; margin: 0 auto; padding: 40px 24px 56px; }
        h1 { margin: 0; font-size: 28px; line-height: 1.2; letter-spacing: -0.02em; font-weight: 650; }
        h2 { margin: 0 0 14px; font-size: 16px; font-weight: 620; }
        p { margin: 0; }
        .period { margin-top: 6px; color: var(--soft); }
        .badge { display: inline-block; margin-top: 14px; padding: 6px 12px; border-radius: 8px; font-size: 13.5px; }
        .verified { color: var(--good); background: var(--goodback); }
        .unverified { color: var(--bad); background: var(--badback); }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 26px 0 16px; }
        .tile, .card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
        .tile { padding: 14px 16px; }
        .tile .name { color: var(--soft); font-size: 13px; }
        .tile .value { font-size: 25px; line-height: 1.3; font-weight: 640; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }
        .tile .note { color: var(--soft); font-size: 12.5px; }
        .card { padding: 20px 22px; margin-top: 16px; }
        .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(380px, 1fr)); gap: 16px; margin-top: 16px; }
        .pair .card { margin-top: 0; min-width: 0; }
        svg { display: block; width: 100%; height: auto; }
        svg text { fill: var(--soft); font-size: 12px; font-family: inherit; }
        svg .strong { fill: var(--text); }
        .grid { stroke: var(--line); stroke-width: 1; }
        .track { fill: var(--faint); }
        .ok { fill: var(--ok); } .refused { fill: var(--refused); } .failed { fill: var(--failed); } .left { fill: var(--left); }
        .legend { display: flex; flex-wrap: wrap; gap: 6px 18px; margin: 12px 0 0; padding: 0; list-style: none; color: var(--soft); font-size: 13px; }
        .legend svg { display: inline-block; width: 11px; height: 11px; margin-right: 7px; vertical-align: -1px; }
        .scroll { overflow-x: auto; }
        table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13.5px; }
        th { padding: 0 10px 8px; border-bottom: 1px solid var(--line); color: var(--soft); font-weight: 500; text-align: right; white-space: nowrap; }
        td { padding: 8px 10px; border-bottom: 1px solid var(--faint); text-align: right; white-space: nowrap; }
        th.name, td.name { text-align: left; }
        td.name { white-space: normal; overflow-wrap: anywhere; min-width: 110px; max-width: 260px; }
        th:first-child, td:first-child { padding-left: 0; } th:last-child, td:last-child { padding-right: 0; }
        tbody tr:last-child td { border-bottom: 0; }
        tfoot td { border-top: 1px solid var(--line); border-bottom: 0; font-weight: 620; }
        .zero { color: var(--soft); opacity: 0.65; }
        bdi { unicode-bidi: isolate; }
        .empty { color: var(--soft); }
        footer { margin-top: 26px; color: var(--soft); font-size: 12.5px; }
        footer p { margin-top: 4px; }
        @media (max-width: 520px) { main { padding: 24px 14px; } .pair { grid-template-columns: 1fr; } }
        @media print { body { background: none; } main { max-width: none; padding: 0; } .card, .tile { break-inside: avoid; } }

        """;

    public static string Hash { get; } = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)));
}
