using SecureInference.Onnx.Admission.Reading;
using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Checks;

/// <summary>C: only operators that the standard has, or that somebody allowed by name.</summary>
internal sealed class OperatorCheck(ScanSubject subject, FunctionTable functions) : IFileCheck
{
    private const int MostAttributes = 128;

    private readonly HashSet<string> _domains = new(subject.Limits.AllowedDomains, StringComparer.Ordinal);
    private readonly HashSet<string> _operators = new(subject.Limits.AllowedOperators, StringComparer.Ordinal);

    public void Check(in NodeView node)
    {
        CheckAttributes(node);
        if (node.OperatorType.IsEmpty)
        {
            subject.Report.Add(AdmissionRules.UnknownOperator, node.Place, "it has no operator");
        }
        else if (StandardOperators.IsForbidden(node.OperatorType) || node.Domain.SequenceEqual("com.microsoft.pyop"u8))
        {
            subject.Report.Add(AdmissionRules.ForbiddenOperator, node.Place, $"{Name(node)} runs foreign code or opens files");
        }
        else if (node.Domain.SequenceEqual("ai.onnx.preview.training"u8) || node.Domain.SequenceEqual("ai.onnx.training"u8))
        {
            subject.Report.Add(AdmissionRules.Training, node.Place, $"{Name(node)} is an operator of training");
        }
        else if (functions.Find(node) < 0)
        {
            CheckDomain(node);
        }
    }

    // Of two attributes of one name, ONNX Runtime takes the last; whoever takes the first estimates another model.
    private void CheckAttributes(in NodeView node)
    {
        var index = 0;
        foreach (var attribute in node.Attributes)
        {
            if (index == MostAttributes)
            {
                subject.Report.Add(AdmissionRules.TooMany, node.Place, $"it has more than {MostAttributes} attributes");
                return;
            }

            var name = Fields.Text(node.File, attribute, 1);
            var before = 0;
            foreach (var other in node.Attributes)
            {
                if (before++ == index)
                {
                    break;
                }

                if (Fields.Text(node.File, other, 1).SequenceEqual(name))
                {
                    subject.Report.Add(AdmissionRules.TwiceInMessage, node.Place, $"the attribute {Quoted.Name(name)} stands twice");
                    return;
                }
            }

            index++;
        }
    }

    private void CheckDomain(in NodeView node)
    {
        if (StandardOperators.IsStandardDomain(node.Domain))
        {
            if (!StandardOperators.Contains(node.Domain, node.OperatorType) && !IsAllowed(node))
            {
                subject.Report.Add(AdmissionRules.UnknownOperator, node.Place, $"{Name(node)} is an operator that ONNX Runtime does not have, or that the standard does not");
            }
        }
        else if (!_domains.Contains(Quoted.Plain(node.Domain)) && !IsAllowed(node))
        {
            subject.Report.Add(AdmissionRules.UnknownDomain, node.Place, $"{Name(node)} is of a domain that is not allowed");
        }
    }

    private bool IsAllowed(in NodeView node) => _operators.Count > 0 && _operators.Contains(Name(node));

    private static string Name(in NodeView node) => $"{(node.Domain.IsEmpty ? "ai.onnx" : Quoted.Plain(node.Domain))}:{Quoted.Plain(node.OperatorType)}";
}
