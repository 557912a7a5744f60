using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SecureInference.TestSupport;

/// <summary>Tokens that must be refused, each with the reason that stands in the record. The issuer publishes its RSA key and the ECDSA key "curve".</summary>
public static class TokenAttacks
{
    private const long Hour = 3_600;

    public static IReadOnlyList<(string Name, string Reason, Func<FakeIssuer, FakeIssuer, string> Make)> All { get; } =
    [
        ("alg none", "token_wrong_algorithm", static (issuer, _) => $"{FakeIssuer.Encode(issuer.Header(("alg", "none")))}.{FakeIssuer.Encode(issuer.Payload())}."),
        ("alg None", "token_wrong_algorithm", static (issuer, _) => issuer.Sign(issuer.Header(("alg", "None")), issuer.Payload(), "RS256")),
        ("alg none, signed", "token_wrong_algorithm", static (issuer, _) => issuer.Sign(issuer.Header(("alg", "none")), issuer.Payload(), "RS256")),
        ("no signature", "token_malformed", static (issuer, _) => issuer.Token()[..(issuer.Token().LastIndexOf('.') + 1)]),
        ("no alg", "token_wrong_algorithm", static (issuer, _) => issuer.Sign(issuer.Header(("alg", null)), issuer.Payload(), "RS256")),
        ("alg a number", "token_malformed", static (issuer, _) => issuer.Sign(issuer.Header(("alg", 256)), issuer.Payload(), "RS256")),
        ("alg in small letters", "token_wrong_algorithm", static (issuer, _) => issuer.Sign(issuer.Header(("alg", "rs256")), issuer.Payload(), "RS256")),
        ("alg with a blank", "token_wrong_algorithm", static (issuer, _) => issuer.Sign(issuer.Header(("alg", "RS256 ")), issuer.Payload(), "RS256")),
        ("HS256 with the public key as PEM", "token_wrong_algorithm", static (issuer, _) => Hmac(issuer, Encoding.ASCII.GetBytes(issuer.Key.Rsa.ExportSubjectPublicKeyInfoPem()))),
        ("HS256 with the public key in DER", "token_wrong_algorithm", static (issuer, _) => Hmac(issuer, issuer.Key.Rsa.ExportSubjectPublicKeyInfo())),
        ("HS256 with the modulus", "token_wrong_algorithm", static (issuer, _) => Hmac(issuer, issuer.Key.Rsa.ExportParameters(false).Modulus ?? [])),
        ("HMAC that says RS256", "token_wrong_signature", static (issuer, _) => Hmac(issuer, issuer.Key.Rsa.ExportSubjectPublicKeyInfo(), "RS256")),
        ("ES256 with a key of RSA", "token_wrong_signature", static (issuer, _) => issuer.Sign(issuer.Header(("alg", "ES256")), issuer.Payload(), "RS256")),
        ("ES256 signature of zeros", "token_wrong_signature", static (issuer, _) => Curve(issuer, new byte[64])),
        ("ES256 signature of nothing but ones", "token_wrong_signature", static (issuer, _) => Curve(issuer, [.. Enumerable.Repeat((byte)0xff, 64)])),
        ("ES256 signature too short", "token_wrong_signature", static (issuer, _) => Curve(issuer, new byte[3])),
        ("kid with a path", "token_unknown_key", static (issuer, _) => issuer.Sign(issuer.Header(("kid", "../../../../dev/null")), issuer.Payload())),
        ("kid with SQL", "token_unknown_key", static (issuer, _) => issuer.Sign(issuer.Header(("kid", "' UNION SELECT 'key' --")), issuer.Payload())),
        ("kid with an address", "token_unknown_key", static (issuer, _) => issuer.Sign(issuer.Header(("kid", "http://127.0.0.1/keys")), issuer.Payload())),
        ("kid empty", "token_unknown_key", static (issuer, _) => issuer.Sign(issuer.Header(("kid", "")), issuer.Payload())),
        ("kid in capitals", "token_unknown_key", static (issuer, _) => issuer.Sign(issuer.Header(("kid", issuer.Key.Id.ToUpperInvariant())), issuer.Payload())),
        ("kid a number", "token_malformed", static (issuer, _) => issuer.Sign(issuer.Header(("kid", 1)), issuer.Payload())),
        ("jku", "token_brings_key", static (issuer, _) => issuer.Sign(issuer.Header(("jku", "https://stranger.test/jwks")), issuer.Payload())),
        ("x5u", "token_brings_key", static (issuer, _) => issuer.Sign(issuer.Header(("x5u", "https://stranger.test/cert")), issuer.Payload())),
        ("jwk", "token_brings_key", static (issuer, other) => other.Sign(other.Header(("jwk", other.Key.Describe("x"))), issuer.Payload())),
        ("x5c", "token_brings_key", static (issuer, _) => issuer.Sign(issuer.Header(("x5c", new[] { "MIIB" })), issuer.Payload())),
        ("crit", "token_critical_header", static (issuer, _) => issuer.Sign(issuer.Header(("crit", new[] { "exp" }), ("exp", 1)), issuer.Payload())),
        ("crit empty", "token_critical_header", static (issuer, _) => issuer.Sign(issuer.Header(("crit", Array.Empty<string>())), issuer.Payload())),
        ("b64 false", "token_critical_header", static (issuer, _) => issuer.Sign(issuer.Header(("b64", false), ("crit", new[] { "b64" })), issuer.Payload())),
        ("token for another purpose", "token_wrong_type", static (issuer, _) => issuer.Sign(issuer.Header(("typ", "logout+jwt")), issuer.Payload())),
        ("encrypted", "token_encrypted", static (issuer, _) => $"{FakeIssuer.Encode("""{"alg":"RSA-OAEP","enc":"A256GCM"}""")}.AAAA.AAAA.AAAA.AAAA"),
        ("enc in a signed token", "token_encrypted", static (issuer, _) => issuer.Sign(issuer.Header(("enc", "A256GCM")), issuer.Payload())),
        ("unknown issuer", "token_unknown_issuer", static (issuer, _) => issuer.Token(("iss", "https://stranger.test"))),
        ("issuer in capitals", "token_unknown_issuer", static (issuer, _) => issuer.Token(("iss", issuer.Name.ToUpperInvariant()))),
        ("issuer with two slashes", "token_unknown_issuer", static (issuer, _) => issuer.Token(("iss", issuer.Name + "//"))),
        ("issuer missing", "token_unknown_issuer", static (issuer, _) => issuer.Token(("iss", null))),
        ("issuers in a list", "token_malformed", static (issuer, _) => issuer.Token(("iss", new[] { issuer.Name }))),
        ("signed by the other issuer", "token_unknown_key", static (issuer, other) => other.Token(("iss", issuer.Name))),
        ("signed by the other issuer under this one's kid", "token_wrong_signature", static (issuer, other) => other.Sign(issuer.Header(), issuer.Payload())),
        ("other issuer's name under this one's key", "token_unknown_key", static (issuer, other) => issuer.Token(("iss", other.Name), ("aud", "partners"))),
        ("other issuer's audience", "token_wrong_audience", static (issuer, _) => issuer.Token(("aud", "partners"))),
        ("audience in capitals", "token_wrong_audience", static (issuer, _) => issuer.Token(("aud", "INFERENCE"))),
        ("audience missing", "token_wrong_audience", static (issuer, _) => issuer.Token(("aud", null))),
        ("audiences none", "token_wrong_audience", static (issuer, _) => issuer.Token(("aud", Array.Empty<string>()))),
        ("expired", "token_expired", static (issuer, _) => issuer.Token(("exp", Now(issuer) - Hour))),
        ("no expiry", "token_without_expiry", static (issuer, _) => issuer.Token(("exp", null))),
        ("expiry as text", "token_malformed", static (issuer, _) => issuer.Token(("exp", "99999999999"))),
        ("expiry beyond all time", "token_malformed", static (issuer, _) => issuer.Token(("exp", 1e300))),
        ("expiry below zero", "token_malformed", static (issuer, _) => issuer.Token(("exp", -1))),
        ("expiry null", "token_malformed", static (issuer, _) => issuer.Sign(issuer.Header(), With(issuer, "exp", "null"))),
        ("not yet valid", "token_not_yet_valid", static (issuer, _) => issuer.Token(("nbf", Now(issuer) + Hour))),
        ("no subject", "token_without_subject", static (issuer, _) => issuer.Token(("sub", null))),
        ("empty subject", "token_without_subject", static (issuer, _) => issuer.Token(("sub", ""))),
        ("subject with a line end", "token_malformed", static (issuer, _) => issuer.Token(("sub", "alice\r\nx-admin: 1"))),
        ("subject of 256 characters", "token_malformed", static (issuer, _) => issuer.Token(("sub", new string('a', 256)))),
        ("subject a number", "token_malformed", static (issuer, _) => issuer.Token(("sub", 7))),
        ("scope a number", "token_malformed", static (issuer, _) => issuer.Token(("scope", 7))),
        ("scopes with a number", "token_malformed", static (issuer, _) => issuer.Token(("scp", new object[] { "admin", 7 }))),
        ("claim twice", "token_malformed", static (issuer, _) => issuer.Sign(issuer.Header(), With(issuer, "sub", "\"root\""))),
        ("claim twice, once escaped", "token_malformed", static (issuer, _) => issuer.Sign(issuer.Header(), With(issuer, "s\\u0075b", "\"root\""))),
        ("name twice below", "token_malformed", static (issuer, _) => issuer.Sign(issuer.Header(), With(issuer, "cnf", """{"x5t#S256":"a","x5t#S256":"b"}"""))),
        ("header twice", "token_malformed", static (issuer, _) => issuer.Sign(issuer.Header().TrimEnd('}') + ""","alg":"RS256"}""", issuer.Payload())),
        ("half a surrogate pair", "token_malformed", static (issuer, _) => issuer.Sign(issuer.Header(), issuer.Payload().Replace("alice", "\\ud800", StringComparison.Ordinal))),
        ("no UTF-8", "token_malformed", static (issuer, _) => issuer.SignEncoded(FakeIssuer.Encode(issuer.Header()), Base64Url.EncodeToString([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))),
        ("byte order mark", "token_malformed", static (issuer, _) => issuer.Sign(issuer.Header(), "\ufeff" + issuer.Payload())),
        ("nested 17 deep", "token_malformed", static (issuer, _) => issuer.Sign(issuer.Header(), With(issuer, "x", new string('[', 17) + new string(']', 17)))),
        ("payload a list", "token_malformed", static (issuer, _) => issuer.Sign(issuer.Header(), "[" + issuer.Payload() + "]")),
        ("payload null", "token_malformed", static (issuer, _) => issuer.Sign(issuer.Header(), "null")),
        ("payload and more", "token_malformed", static (issuer, _) => issuer.Sign(issuer.Header(), issuer.Payload() + "{}")),
        ("header a text", "token_malformed", static (issuer, _) => issuer.Sign("\"RS256\"", issuer.Payload())),
        ("JSON in the open", "token_malformed", static (issuer, _) => issuer.SignEncoded(issuer.Header(), FakeIssuer.Encode(issuer.Payload()))),
        ("padding", "token_malformed", static (issuer, _) => issuer.SignEncoded(Padded(issuer.Header()), Padded(issuer.Payload()))),
        ("base64 with + and /", "token_malformed", static (issuer, _) => issuer.SignEncoded(FakeIssuer.Encode(issuer.Header()), FakeIssuer.Encode(issuer.Payload()) + "+/+/")),
        ("line end inside", "token_malformed", static (issuer, _) => issuer.Token().Insert(20, "\n")),
        ("blank inside", "token_malformed", static (issuer, _) => issuer.Token().Insert(20, " ")),
        ("blank at the end", "token_malformed", static (issuer, _) => issuer.Token() + " "),
        ("letters that look alike", "token_malformed", static (issuer, _) => issuer.Token().Replace('e', 'е')),
        ("NUL", "token_malformed", static (issuer, _) => issuer.Token() + "\0"),
        ("two parts", "token_malformed", static (issuer, _) => issuer.Token()[..issuer.Token().LastIndexOf('.')]),
        ("four parts", "token_malformed", static (issuer, _) => issuer.Token() + ".AAAA"),
        ("dots", "token_malformed", static (_, _) => ".."),
        ("nothing", "token_malformed", static (_, _) => ""),
        ("64 KB", "token_too_long", static (issuer, _) => issuer.Token(("pad", new string('x', 64 * 1024)))),
        ("bound to a certificate that was not shown", "token_wrong_certificate", static (issuer, _) => issuer.Token(("cnf", new Dictionary<string, string> { ["x5t#S256"] = new('A', 43) }))),
        ("bound to what cannot be checked", "token_unknown_confirmation", static (issuer, _) => issuer.Token(("cnf", new { jkt = new string('A', 43) }))),
        ("bound to two things", "token_unknown_confirmation", static (issuer, _) => issuer.Token(("cnf", new Dictionary<string, string> { ["x5t#S256"] = new('A', 43), ["jkt"] = "x" }))),
        ("bound to nothing", "token_unknown_confirmation", static (issuer, _) => issuer.Token(("cnf", new { }))),
        ("bound to half a hash", "token_unknown_confirmation", static (issuer, _) => issuer.Token(("cnf", new Dictionary<string, string> { ["x5t#S256"] = new('A', 22) }))),
        ("bound to a text", "token_unknown_confirmation", static (issuer, _) => issuer.Token(("cnf", "x"))),
    ];

    private static long Now(FakeIssuer issuer) => issuer.Now.ToUnixTimeSeconds();

    private static string With(FakeIssuer issuer, string name, string json)
    {
        var payload = issuer.Payload(name == "exp" ? [("exp", null)] : []);
        return $"{payload.TrimEnd('}')},\"{name}\":{json}}}";
    }

    private static string Padded(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json + (json.Length % 3 == 0 ? " " : ""))).Replace('+', '-').Replace('/', '_');

    private static string Hmac(FakeIssuer issuer, byte[] secret, string algorithm = "HS256")
    {
        var signed = $"{FakeIssuer.Encode(issuer.Header(("alg", algorithm)))}.{FakeIssuer.Encode(issuer.Payload())}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Curve(FakeIssuer issuer, byte[] signature) =>
        $"{FakeIssuer.Encode(issuer.Header(("alg", "ES256"), ("kid", "curve")))}.{FakeIssuer.Encode(issuer.Payload())}.{Base64Url.EncodeToString(signature)}";
}
