using System.Text.Unicode;
using SecureInference.Onnx.Admission.Reading;
using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Checks;

/// <summary>Walks the whole file as the format describes it: after this, every later walk may trust what it reads.</summary>
internal sealed class StructureCheck(ScanSubject subject)
{
    private const int MaxDepth = 64;
    private const int MaxOperatorSets = 64;
    private const int FieldsBetweenChecks = 1 << 14;

    private readonly StructureCounts _counts = new();
    private readonly FieldRule?[] _path = new FieldRule?[MaxDepth + 1];
    private int _depth;
    private int _fields;

    public StructureCounts Run()
    {
        if (subject.File.Length > subject.Limits.MaxModelBytes)
        {
            subject.Report.End(AdmissionRules.FileSize, "file", $"it has {subject.File.Length} bytes, more than {subject.Limits.MaxModelBytes}");
        }
        else if (FileFormat.NameOf(subject.Bytes) is { } other)
        {
            subject.Report.End(AdmissionRules.NotOnnx, "file", $"it is {other} and is not an ONNX model");
        }
        else
        {
            Walk(MessageKind.Model, subject.Model, 1);
        }

        return _counts;
    }

    private bool Walk(MessageKind kind, Slice message, int depth)
    {
        _depth = Math.Min(depth, MaxDepth);
        if (depth > MaxDepth)
        {
            return Refuse(AdmissionRules.MessageDepth, message.Start, $"messages are nested deeper than {MaxDepth}");
        }

        var reader = new WireReader(subject.Bytes, message);
        var seen = 0u;
        var hasChoice = false;
        while (reader.Read())
        {
            if (++_fields % FieldsBetweenChecks == 0)
            {
                subject.CancellationToken.ThrowIfCancellationRequested();
            }

            if (OnnxFormat.Find(kind, reader.Field) is not { } rule)
            {
                if (!Unknown(ref reader, kind))
                {
                    return false;
                }
            }
            else if (!IsOnce(rule, reader.Field, ref seen, ref hasChoice))
            {
                return Refuse(AdmissionRules.TwiceInMessage, reader.Value.Start, $"{rule.Name} stands twice");
            }
            else if (!Check(kind, rule, ref reader, depth))
            {
                return false;
            }
        }

        return reader.Fault is null || Refuse(AdmissionRules.Damaged, reader.Position, $"it {reader.Fault}{(depth == 1 ? "; it is not an ONNX model, or is damaged" : "")}");
    }

    private bool Enter(FieldRule rule, Slice message, int depth)
    {
        _path[depth] = rule;
        var isSound = Walk(rule.Child, message, depth + 1);
        // A refusal keeps the path on which it was found.
        _depth = isSound ? depth : _depth;
        return isSound;
    }

    private bool Unknown(ref WireReader reader, MessageKind kind)
    {
        if (subject.Report.Wants(AdmissionRules.UnknownField))
        {
            subject.Report.Add(AdmissionRules.UnknownField, Place(reader.Value.Start), $"{kind} has the unknown field {reader.Field}");
        }

        return !subject.Report.IsOver;
    }

    private static bool IsOnce(FieldRule rule, int field, ref uint seen, ref bool hasChoice)
    {
        var bit = 1u << field;
        var isFirst = (seen & bit) == 0 && !(rule.IsChoice && hasChoice);
        seen |= bit;
        hasChoice |= rule.IsChoice;
        return rule.IsRepeated || isFirst;
    }

    private bool Check(MessageKind kind, FieldRule rule, ref WireReader reader, int depth)
    {
        switch (rule.Content)
        {
            case FieldContent.Varint or FieldContent.Fixed32 or FieldContent.Fixed64:
                return Number(rule, ref reader);
            case var _ when reader.Kind != WireKind.Bytes:
                return WrongKind(rule, ref reader);
            case FieldContent.Message:
                return Count(kind, rule, ref reader) && Enter(rule, reader.Value, depth);
            case FieldContent.Name or FieldContent.Value:
                return Name(kind, rule, ref reader);
            case FieldContent.Text:
                _counts.TextBytes += reader.Value.Length;
                return _counts.TextBytes <= subject.Limits.MaxTextBytes
                    || Refuse(AdmissionRules.TooMuchText, reader.Value.Start, $"documentation and metadata have more than {subject.Limits.MaxTextBytes} bytes");
            default:
                return Data(rule, ref reader);
        }
    }

    private bool Number(FieldRule rule, ref WireReader reader)
    {
        var (kind, size) = rule.Content switch
        {
            FieldContent.Varint => (WireKind.Varint, 1),
            FieldContent.Fixed32 => (WireKind.Fixed32, sizeof(uint)),
            _ => (WireKind.Fixed64, sizeof(ulong)),
        };
        if (reader.Kind == kind)
        {
            return true;
        }

        if (reader.Kind != WireKind.Bytes || !rule.IsRepeated || reader.Value.Length % size != 0)
        {
            return WrongKind(rule, ref reader);
        }

        var packed = new WireReader(subject.Bytes, reader.Value);
        while (kind == WireKind.Varint && packed.Position < packed.End)
        {
            if (!packed.ReadVarint(out _))
            {
                return Refuse(AdmissionRules.Damaged, packed.Position, $"{rule.Name} {packed.Fault}");
            }
        }

        return true;
    }

    private bool Name(MessageKind kind, FieldRule rule, ref WireReader reader)
    {
        var name = reader.Value.Of(subject.Bytes);
        _counts.Values += kind == MessageKind.Node && rule.IsRepeated ? 1 : 0;
        if (name.Length > subject.Limits.MaxNameBytes)
        {
            return Refuse(AdmissionRules.BadName, reader.Value.Start, $"{rule.Name} has {name.Length} bytes, more than {subject.Limits.MaxNameBytes}");
        }

        return rule.Content == FieldContent.Value || (Utf8.IsValid(name) && !name.Contains((byte)0))
            || Refuse(AdmissionRules.BadName, reader.Value.Start, $"{rule.Name} {Quoted.Name(name)} is not UTF-8, or holds a NUL");
    }

    private bool Data(FieldRule rule, ref WireReader reader)
    {
        _counts.StringTensorBytes += rule.IsRepeated ? reader.Value.Length + ElementKindExtensions.StringBytes : 0;
        return _counts.StringTensorBytes <= subject.Limits.MaxStringTensorBytes
            || Refuse(AdmissionRules.StringTensors, reader.Value.Start, $"the strings of tensors take more than {subject.Limits.MaxStringTensorBytes} bytes");
    }

    private bool Count(MessageKind kind, FieldRule rule, ref WireReader reader)
    {
        var (count, limit) = rule.Child switch
        {
            MessageKind.Node => (++_counts.Nodes, subject.Limits.MaxNodes),
            MessageKind.Tensor when kind == MessageKind.Graph => (++_counts.Initializers, subject.Limits.MaxInitializers),
            MessageKind.Function => (++_counts.Functions, subject.Limits.MaxFunctions),
            MessageKind.OperatorSet when kind == MessageKind.Model => (++_counts.OperatorSets, MaxOperatorSets),
            _ => (0, 1),
        };
        return count <= limit || Refuse(AdmissionRules.TooMany, reader.Value.Start, $"there are more than {limit} of {rule.Name}");
    }

    private bool WrongKind(FieldRule rule, ref WireReader reader) =>
        Refuse(AdmissionRules.Damaged, reader.Value.Start, $"{rule.Name} is not written as the format says; it is not an ONNX model, or is damaged");

    private bool Refuse(AdmissionRule rule, int position, string what)
    {
        subject.Report.End(rule, Place(position), what);
        return false;
    }

    private string Place(int position) => $"{string.Join('.', _path[1.._depth].Select(static rule => rule?.Name).Prepend("model"))}, byte {position}";
}
