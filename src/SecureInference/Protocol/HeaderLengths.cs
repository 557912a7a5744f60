using System.Globalization;

namespace SecureInference.Protocol;

/// <summary>The lengths of answers' JSON as headers want them; answers of one shape have one length, or a few.</summary>
internal static class HeaderLengths
{
    private const int Kept = 4096;
    private static readonly string?[] Texts = new string?[Kept];

    public static string Of(long length) => length < Kept
        ? Volatile.Read(ref Texts[length]) ?? (Texts[length] = length.ToString(CultureInfo.InvariantCulture))
        : length.ToString(CultureInfo.InvariantCulture);
}
