using System.Buffers.Binary;
using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Reading;

/// <summary>A constant tensor, in place: its data is looked at only where a rule needs its values.</summary>
internal readonly ref struct TensorView(ReadOnlySpan<byte> file, Slice message)
{
    private const int External = 1;

    private readonly ReadOnlySpan<byte> _file = file;

    public ReadOnlySpan<byte> File => _file;

    public Slice Message { get; } = message;

    public ReadOnlySpan<byte> Name => Fields.Text(_file, Message, 8);

    public ElementKind ElementKind => (ElementKind)Math.Clamp(Fields.Number(_file, Message, 2) ?? 0, 0, int.MaxValue);

    public NumberSequence Dimensions => new(_file, Message, 1);

    public FieldSequence Strings => new(_file, Message, 6);

    public FieldSequence ExternalEntries => new(_file, Message, 13);

    /// <summary>Gets whether the data lies in another file: what says so, or names one.</summary>
    public bool IsExternal
    {
        get
        {
            foreach (var _ in ExternalEntries)
            {
                return true;
            }

            return Fields.Number(_file, Message, 14) is External;
        }
    }

    /// <summary>Reads the dimensions, where there are at most <paramref name="most"/>.</summary>
    public long[]? GetShape(int most)
    {
        var count = Dimensions.Count();
        if (count > most)
        {
            return null;
        }

        var shape = new long[count];
        var index = 0;
        foreach (var dimension in Dimensions)
        {
            shape[index++] = dimension;
        }

        return shape;
    }

    /// <summary>Reads the values of a small tensor of integers or floating-point numbers.</summary>
    /// <returns><see langword="null"/> where there are more than <paramref name="most"/>, or they lie elsewhere.</returns>
    public double[]? GetValues(int most)
    {
        var elements = 1L;
        foreach (var dimension in Dimensions)
        {
            elements = dimension < 0 || dimension > most ? most + 1L : elements * dimension;
            if (elements > most)
            {
                return null;
            }
        }

        return IsExternal ? null : Fields.TryGet(_file, Message, 9, out var raw) ? FromRaw(raw.Of(_file), (int)elements) : FromFields((int)elements);
    }

    private double[]? FromRaw(ReadOnlySpan<byte> raw, int elements)
    {
        var size = ElementKind.BitsOf() / 8;
        if (size is 0 or > 8 || raw.Length != elements * size)
        {
            return null;
        }

        var values = new double[elements];
        for (var index = 0; index < elements; index++)
        {
            var element = raw[(index * size)..];
            switch (ElementKind)
            {
                case ElementKind.Int64: values[index] = BinaryPrimitives.ReadInt64LittleEndian(element); break;
                case ElementKind.Int32: values[index] = BinaryPrimitives.ReadInt32LittleEndian(element); break;
                case ElementKind.Float: values[index] = BinaryPrimitives.ReadSingleLittleEndian(element); break;
                case ElementKind.Double: values[index] = BinaryPrimitives.ReadDoubleLittleEndian(element); break;
                case ElementKind.Bool or ElementKind.UInt8: values[index] = element[0]; break;
                case ElementKind.Int8: values[index] = (sbyte)element[0]; break;
                default: return null;
            }
        }

        return values;
    }

    private double[]? FromFields(int elements)
    {
        var values = new double[elements];
        var index = 0;
        if (ElementKind is ElementKind.Float)
        {
            var reader = new WireReader(_file, Message);
            while (reader.Read())
            {
                var bytes = reader.Field == 4 ? reader.Value.Of(_file) : default;
                for (; bytes.Length >= sizeof(float) && index < elements; bytes = bytes[sizeof(float)..])
                {
                    values[index++] = BinaryPrimitives.ReadSingleLittleEndian(bytes);
                }
            }
        }
        else
        {
            foreach (var value in new NumberSequence(_file, Message, ElementKind is ElementKind.Int64 ? 7 : ElementKind is ElementKind.Int32 or ElementKind.Bool ? 5 : 0))
            {
                if (index < elements)
                {
                    values[index++] = value;
                }
            }
        }

        return index == elements ? values : null;
    }
}
