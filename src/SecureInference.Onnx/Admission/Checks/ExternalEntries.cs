using System.Globalization;
using System.Text;
using SecureInference.Onnx.Admission.Reading;
using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Checks;

/// <summary>What a tensor says of its data in another file.</summary>
/// <param name="Location">The file.</param>
/// <param name="Offset">Where the data begins.</param>
/// <param name="Length">How much there is, where it says so.</param>
internal sealed record ExternalEntries(string Location, long Offset, long? Length)
{
    /// <summary>Reads the entries.</summary>
    /// <returns><see langword="null"/> where one is unknown, doubled, missing, or no number; then <paramref name="fault"/> says which.</returns>
    public static ExternalEntries? Read(in TensorView tensor, out string fault)
    {
        string? location = null;
        long? offset = null;
        long? length = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in tensor.ExternalEntries)
        {
            var key = Quoted.Plain(Fields.Text(tensor.File, entry, 1));
            var value = Fields.Text(tensor.File, entry, 2);
            var isNumber = TryParse(value, out var number);
            if (!seen.Add(key))
            {
                fault = $"the entry '{key}' stands twice";
                return null;
            }

            switch (key)
            {
                case "location": location = Encoding.UTF8.GetString(value); break;
                case "offset" when isNumber: offset = number; break;
                case "length" when isNumber: length = number; break;
                case "checksum": break;
                default:
                    fault = key is "offset" or "length" ? $"the entry '{key}' is no decimal number" : $"the entry '{key}' is unknown";
                    return null;
            }
        }

        fault = location is null ? "the entry 'location' is missing" : "";
        return location is null ? null : new ExternalEntries(location, offset ?? 0, length);
    }

    private static bool TryParse(ReadOnlySpan<byte> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && (text.Length == 1 || text[0] != '0');
}
