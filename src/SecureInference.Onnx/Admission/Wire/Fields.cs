namespace SecureInference.Onnx.Admission.Wire;

/// <summary>Single fields of a message.</summary>
internal static class Fields
{
    /// <summary>Finds the value of a field that is text or a message.</summary>
    public static bool TryGet(ReadOnlySpan<byte> file, Slice message, int field, out Slice value)
    {
        foreach (var found in new FieldSequence(file, message, field))
        {
            value = found;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>Returns the bytes of a field that is text, or none where it is left out.</summary>
    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> file, Slice message, int field) =>
        TryGet(file, message, field, out var value) ? value.Of(file) : default;

    /// <summary>Returns the value of a field that is a number, or <see langword="null"/> where it is left out.</summary>
    public static long? Number(ReadOnlySpan<byte> file, Slice message, int field)
    {
        var reader = new WireReader(file, message);
        while (reader.Read())
        {
            if (reader.Field == field && reader.Kind != WireKind.Bytes)
            {
                return unchecked((long)reader.Number);
            }
        }

        return null;
    }
}
