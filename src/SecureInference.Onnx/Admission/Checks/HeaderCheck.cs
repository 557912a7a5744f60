using SecureInference.Onnx.Admission.Reading;
using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Checks;

/// <summary>B8 and C4: what every model says of itself.</summary>
internal sealed class HeaderCheck(ScanSubject subject)
{
    private const int NewestFormat = 13;
    private const int NewestOperatorSet = 1_000;

    public void Run()
    {
        var version = Fields.Number(subject.Bytes, subject.Model, 1);
        if (version is null or < 1 or > NewestFormat)
        {
            subject.Report.Add(AdmissionRules.BadHeader, "model", $"ir_version is {version?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "missing"}, not 1 to {NewestFormat}");
        }

        if (!Fields.TryGet(subject.Bytes, subject.Model, 7, out _))
        {
            subject.Report.Add(AdmissionRules.BadHeader, "model", "there is no graph; it is not an ONNX model, or is damaged");
        }

        foreach (var _ in new FieldSequence(subject.Bytes, subject.Model, 20))
        {
            subject.Report.Add(AdmissionRules.Training, "model", "there is training_info");
            break;
        }

        CheckOperatorSets();
    }

    private void CheckOperatorSets()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var set in new FieldSequence(subject.Bytes, subject.Model, 8))
        {
            var domain = Quoted.Plain(Fields.Text(subject.Bytes, set, 1));
            if (!seen.Add(domain is "ai.onnx" ? "" : domain))
            {
                subject.Report.Add(AdmissionRules.BadHeader, "model", $"opset_import has the domain '{domain}' twice");
            }

            if (Fields.Number(subject.Bytes, set, 2) is not (>= 1 and <= NewestOperatorSet))
            {
                subject.Report.Add(AdmissionRules.BadHeader, "model", $"opset_import has no sensible version for the domain '{domain}'");
            }
        }

        if (seen.Count == 0)
        {
            subject.Report.Add(AdmissionRules.BadHeader, "model", "there is no opset_import");
        }
    }
}
