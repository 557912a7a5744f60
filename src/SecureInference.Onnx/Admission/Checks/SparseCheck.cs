using System.Buffers.Binary;
using SecureInference.Onnx.Admission.Reading;
using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Checks;

/// <summary>F4 and F5: sparse tensors, which the runtime makes dense.</summary>
internal sealed class SparseCheck(ScanSubject subject) : IFileCheck
{
    public void CheckSparse(ReadOnlySpan<byte> file, Slice message, in TensorSite site)
    {
        var values = Fields.TryGet(file, message, 1, out var found) ? new TensorView(file, found) : default;
        var place = site.With(TensorRole.SparseValues).Say(found.IsEmpty ? default : values.Name);
        subject.Report.Add(AdmissionRules.SparseTensor, place, "it is a sparse tensor");
        if (found.IsEmpty || !Fields.TryGet(file, message, 2, out var second))
        {
            subject.Report.Add(AdmissionRules.SparseContent, place, "it has no values or no indices");
            return;
        }

        var elements = CountDense(file, message);
        if (values.ElementKind.BytesOf(elements) > subject.Limits.MaxSparseBytes)
        {
            subject.Report.Add(AdmissionRules.SparseContent, place, $"it takes {values.ElementKind.BytesOf(elements)} bytes once it is dense, more than {subject.Limits.MaxSparseBytes}");
        }
        else if (!AreIndicesSound(file, message, values, new TensorView(file, second), elements))
        {
            subject.Report.Add(AdmissionRules.SparseContent, place, "its indices are not in order, out of range, or not as many as its values");
        }
    }

    private static long CountDense(ReadOnlySpan<byte> file, Slice message)
    {
        var elements = (UInt128)1;
        foreach (var dimension in new NumberSequence(file, message, 3))
        {
            elements = UInt128.Min(dimension < 0 ? long.MaxValue : elements * (ulong)dimension, long.MaxValue);
        }

        return (long)elements;
    }

    private static bool AreIndicesSound(ReadOnlySpan<byte> file, Slice message, in TensorView values, in TensorView indices, long elements)
    {
        var dense = new List<long>();
        foreach (var dimension in new NumberSequence(file, message, 3))
        {
            if (dense.Count == 16)
            {
                return false;
            }

            dense.Add(dimension);
        }

        // The shape is [count], or [count, rank] with a coordinate for each dimension.
        if (indices.ElementKind != ElementKind.Int64 || values.GetShape(1) is not [var count] || indices.GetShape(2) is not { Length: > 0 } shape
            || shape[0] != count || count > elements || (shape.Length == 2 && shape[1] != dense.Count))
        {
            return false;
        }

        return Fields.TryGet(file, indices.Message, 9, out var raw)
            && raw.Length == count * sizeof(long) * (shape.Length == 2 ? dense.Count : 1)
            && AreInOrder(raw.Of(file), shape.Length == 2 ? dense : [elements]);
    }

    private static bool AreInOrder(ReadOnlySpan<byte> raw, List<long> dense)
    {
        for (var last = -1L; !raw.IsEmpty;)
        {
            var position = 0L;
            foreach (var dimension in dense)
            {
                var coordinate = BinaryPrimitives.ReadInt64LittleEndian(raw);
                raw = raw[sizeof(long)..];
                if (coordinate < 0 || coordinate >= dimension)
                {
                    return false;
                }

                position = (position * dimension) + coordinate;
            }

            if (position <= last)
            {
                return false;
            }

            last = position;
        }

        return true;
    }
}
