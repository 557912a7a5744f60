using System.Text;

namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>One element of <c>X-Forwarded-Client-Cert</c>: what one proxy says about its client.</summary>
/// <param name="Hash">The SHA-256 of the certificate, in hexadecimal.</param>
/// <param name="Certificate">The certificate: PEM, escaped as in a URL.</param>
/// <param name="Chain">The certificate and its issuers, likewise.</param>
internal sealed record ForwardedElement(string? Hash, string? Certificate, string? Chain)
{
    private static readonly ForwardedElement Empty = new(null, null, null);

    /// <summary>Reads the last element, which is that of the nearest proxy. What stands before it came from further away.</summary>
    /// <exception cref="InvalidDataException">It is malformed.</exception>
    public static ForwardedElement ReadLast(ReadOnlySpan<char> header)
    {
        var last = Empty;
        while (true)
        {
            var name = ReadName(ref header);
            last = last.With(name, ReadValue(ref header));
            if (header.IsEmpty)
            {
                return last;
            }

            if (header[0] == ',')
            {
                last = Empty;
            }

            header = header[1..];
        }
    }

    private ForwardedElement With(string name, string value) => name.ToUpperInvariant() switch
    {
        "HASH" => Hash is null ? this with { Hash = value } : throw Malformed(),
        "CERT" => Certificate is null ? this with { Certificate = value } : throw Malformed(),
        "CHAIN" => Chain is null ? this with { Chain = value } : throw Malformed(),
        _ => this, // By, URI, DNS and Subject: what they say stands in the certificate, where it is vouched for.
    };

    private static string ReadName(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAny('=', ',', ';');
        if (end <= 0 || rest[end] != '=')
        {
            throw Malformed();
        }

        var name = rest[..end].Trim(' ').ToString();
        rest = rest[(end + 1)..];
        return name;
    }

    private static string ReadValue(ref ReadOnlySpan<char> rest)
    {
        if (!rest.StartsWith('"'))
        {
            var end = rest.IndexOfAny(',', ';');
            var plain = (end < 0 ? rest : rest[..end]).Trim(' ');
            rest = end < 0 ? default : rest[end..];
            return plain.Contains('"') ? throw Malformed() : plain.ToString();
        }

        var value = new StringBuilder();
        for (var index = 1; index < rest.Length; index++)
        {
            if (rest[index] == '"')
            {
                rest = rest[(index + 1)..].TrimStart(' ');
                return rest.IsEmpty || rest[0] is ',' or ';' ? value.ToString() : throw Malformed();
            }

            // A quotation mark with a backslash before it is one of the text.
            if (rest[index] == '\\' && ++index == rest.Length)
            {
                break;
            }

            value.Append(rest[index]);
        }

        throw Malformed();
    }

    private static InvalidDataException Malformed() => new("The header is malformed.");
}
