namespace SecureInference.Pipeline.Authentication;

/// <summary>Brings the names of issuers into one form: some write a slash at the end in one place and none in another.</summary>
internal static class IssuerName
{
    public static string Canonical(string name) => name.EndsWith('/') ? name[..^1] : name;
}
