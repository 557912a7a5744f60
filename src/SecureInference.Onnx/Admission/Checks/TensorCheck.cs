using SecureInference.Onnx.Admission.Reading;
using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Checks;

/// <summary>F1 to F3: a tensor holds exactly what its shape and type say.</summary>
internal sealed class TensorCheck(ScanSubject subject) : IFileCheck
{
    private const int RawField = 9;

    public void Check(in TensorView tensor, in TensorSite site)
    {
        if (CountElements(tensor, site) is not { } elements)
        {
            return;
        }

        var kind = tensor.ElementKind;
        if (kind.TypedFieldOf() == 0 || !Enum.IsDefined(kind))
        {
            Refuse(AdmissionRules.TensorType, tensor, site, $"its element type {(int)kind} is unknown");
        }
        else
        {
            CheckData(tensor, site, kind, elements);
        }
    }

    private long? CountElements(in TensorView tensor, in TensorSite site)
    {
        var elements = (UInt128)1;
        var rank = 0;
        foreach (var dimension in tensor.Dimensions)
        {
            if (dimension < 0 || ++rank > subject.Limits.MaxRank)
            {
                Refuse(AdmissionRules.TensorShape, tensor, site, dimension < 0 ? $"it has the dimension {dimension}" : $"it has more than {subject.Limits.MaxRank} dimensions");
                return null;
            }

            elements *= (ulong)dimension;
            if (elements > long.MaxValue)
            {
                Refuse(AdmissionRules.TensorShape, tensor, site, "it has more elements than can be counted");
                return null;
            }
        }

        return (long)elements;
    }

    private void CheckData(in TensorView tensor, in TensorSite site, ElementKind kind, long elements)
    {
        var expected = kind.TypedFieldOf();
        var isExternal = tensor.IsExternal;
        var (raw, typed) = (-1L, 0L);
        var fields = new WireReader(tensor.File, tensor.Message);
        while (fields.Read())
        {
            if (fields.Field == RawField)
            {
                raw = fields.Value.Length;
            }
            else if (fields.Field is 4 or 5 or 6 or 7 or 10 or 11)
            {
                if (fields.Field != expected)
                {
                    Refuse(AdmissionRules.TensorType, tensor, site, $"it is of the type {kind}, but its data is in the field of another type");
                    return;
                }

                typed += Count(tensor.File, fields);
            }
        }

        if (isExternal && (raw > 0 || typed > 0))
        {
            Refuse(AdmissionRules.TensorData, tensor, site, "it has data here and in another file");
        }
        else if (!isExternal)
        {
            CheckLength(tensor, site, kind, elements, raw, typed);
        }
    }

    private void CheckLength(in TensorView tensor, in TensorSite site, ElementKind kind, long elements, long raw, long typed)
    {
        if (raw >= 0 && (typed > 0 || kind == ElementKind.String))
        {
            Refuse(AdmissionRules.TensorData, tensor, site, "it has its data twice, or strings as raw bytes");
        }
        else if (raw >= 0 ? raw != kind.BytesOf(elements) : typed != TypedLength(kind, elements))
        {
            Refuse(AdmissionRules.TensorData, tensor, site, raw >= 0
                ? $"it has {raw} bytes of data, and its {elements} elements of the type {kind} take {kind.BytesOf(elements)}"
                : $"it has {typed} values, and its {elements} elements of the type {kind} take {TypedLength(kind, elements)}");
        }
    }

    // Complex numbers take two values each; of the smallest types, several share one.
    private static long TypedLength(ElementKind kind, long elements) => kind switch
    {
        ElementKind.Complex64 or ElementKind.Complex128 => elements > long.MaxValue / 2 ? long.MaxValue : elements * 2,
        _ when kind.BitsOf() is 2 or 4 => (elements / (8 / kind.BitsOf())) + (elements % (8 / kind.BitsOf()) == 0 ? 0 : 1),
        _ => elements,
    };

    private static long Count(ReadOnlySpan<byte> file, in WireReader field)
    {
        if (field.Field == 6 || field.Kind != WireKind.Bytes)
        {
            return 1;
        }

        // A packed list. Each number ends with the one byte whose highest bit is not set.
        var bytes = field.Value.Of(file);
        return field.Field switch
        {
            4 => bytes.Length / sizeof(float),
            10 => bytes.Length / sizeof(double),
            _ => CountNumbers(bytes),
        };
    }

    private static long CountNumbers(ReadOnlySpan<byte> packed)
    {
        var count = 0L;
        foreach (var one in packed)
        {
            count += one < 0x80 ? 1 : 0;
        }

        return count;
    }

    private void Refuse(AdmissionRule rule, in TensorView tensor, in TensorSite site, string what) => subject.Report.Add(rule, site.Say(tensor.Name), what);
}
