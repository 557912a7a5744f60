namespace SecureInference.Models.Protection.Signing;

/// <summary>The order of names in a signature: by code points, where .NET orders by UTF-16.</summary>
internal sealed class CodePointOrder : IComparer<string>
{
    public static CodePointOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (one, other) = ((x ?? "").EnumerateRunes(), (y ?? "").EnumerateRunes());
        while (true)
        {
            var hasOne = one.MoveNext();
            var hasOther = other.MoveNext();
            if (!hasOne || !hasOther)
            {
                return hasOne.CompareTo(hasOther);
            }

            if (one.Current != other.Current)
            {
                return one.Current.CompareTo(other.Current);
            }
        }
    }
}
