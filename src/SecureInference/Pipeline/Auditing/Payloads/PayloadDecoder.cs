using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Pipeline.Auditing.Payloads;

/// <summary>Reads the canonical bytes of tensors.</summary>
internal static class PayloadDecoder
{
    /// <returns>The tensors; one that was left out has no elements.</returns>
    /// <exception cref="InvalidDataException">These are not the bytes of tensors.</exception>
    public static IReadOnlyList<(AuditTensor Tensor, byte[]? Data)> Read(ReadOnlySpan<byte> source)
    {
        var tensors = new List<(AuditTensor, byte[]?)>();
        while (!source.IsEmpty)
        {
            var isLeftOut = source[0] == 1;
            source = source[1..];
            if (!AuditTensorList.TryReadEntry(ref source, out var tensor) || (!isLeftOut && tensor!.Bytes > source.Length))
            {
                throw new InvalidDataException("The payload ends within a tensor, or is none.");
            }

            var length = isLeftOut ? 0 : (int)tensor!.Bytes;
            tensors.Add((tensor!, isLeftOut ? null : source[..length].ToArray()));
            source = source[length..];
        }

        return tensors;
    }
}
