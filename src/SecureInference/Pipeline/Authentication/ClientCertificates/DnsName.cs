using System.Buffers;

namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>The name of a host, as certificates bear it.</summary>
internal static class DnsName
{
    private const int MaxLength = 253;
    private const int MaxLabelLength = 63;

    private static readonly SearchValues<char> LabelCharacters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_");

    /// <summary>Says whether this names one host. A wildcard does not: whoever holds it would be all of them.</summary>
    public static bool IsValid(ReadOnlySpan<char> name)
    {
        if (name.Length > MaxLength)
        {
            return false;
        }

        foreach (var label in name.Split('.'))
        {
            if (!IsLabel(name[label]))
            {
                return false;
            }
        }

        return true;
    }

    public static bool IsLabel(ReadOnlySpan<char> label) =>
        !label.IsEmpty && label.Length <= MaxLabelLength && !label.ContainsAnyExcept(LabelCharacters);
}
