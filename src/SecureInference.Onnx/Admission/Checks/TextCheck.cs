using System.Text;
using System.Text.RegularExpressions;
using SecureInference.Onnx.Admission.Reading;
using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Checks;

/// <summary>J1: what documentation and metadata say, for people to look at.</summary>
internal sealed partial class TextCheck(ScanSubject subject)
{
    private const int MostBytes = 1 << 16;
    private const int MostShown = 64;

    public void Run()
    {
        Check(Fields.Text(subject.Bytes, subject.Model, 6), "model / doc_string");
        CheckMetadata(subject.Model, 14, "model / metadata");
        if (Fields.TryGet(subject.Bytes, subject.Model, 7, out var graph))
        {
            Check(Fields.Text(subject.Bytes, graph, 10), "graph / doc_string");
            CheckMetadata(graph, 16, "graph / metadata");
        }
    }

    private void CheckMetadata(Slice message, int field, string place)
    {
        foreach (var entry in new FieldSequence(subject.Bytes, message, field))
        {
            if (!subject.Report.IsOver)
            {
                Check(Fields.Text(subject.Bytes, entry, 2), $"{place} {Quoted.Name(Fields.Text(subject.Bytes, entry, 1))}");
            }
        }
    }

    private void Check(ReadOnlySpan<byte> text, string place)
    {
        if (text.IsEmpty)
        {
            return;
        }

        var shown = Encoding.UTF8.GetString(text[..Math.Min(text.Length, MostBytes)]);
        if (Suspicious.Match(shown) is { Success: true } match)
        {
            var found = shown.Substring(match.Index, Math.Min(MostShown, shown.Length - match.Index));
            subject.Report.Add(AdmissionRules.Urls, place, $"it says {Quoted.Name(Encoding.UTF8.GetBytes(found))}");
        }
    }

    [GeneratedRegex(@"[a-z][a-z0-9+.-]{1,15}://|<script|javascript:|powershell|\bcurl |\bwget |/bin/sh|\beval\(", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Suspicious { get; }
}
