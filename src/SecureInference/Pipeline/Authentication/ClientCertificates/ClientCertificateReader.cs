using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>Recognises callers by the certificate of their connection, or by the one that a listed proxy says they have shown.</summary>
internal sealed class ClientCertificateReader(
    ClientTrustStore store, CertificateJudge judge, SentCertificates sent, IKnownProxies proxies, IOptions<ClientCertificateOptions> options, TimeProvider time)
    : IClientCertificates
{
    private const int MaxForwarded = 1024;
    private static readonly InferenceError Malformed = InferenceErrors.CertificateRejected(CertificateReasons.Malformed);

    private readonly string? _header = options.Value.ForwardedHeader;
    private readonly ConditionalWeakTable<X509Certificate2, CertificateVerdict> _connections = [];
    private readonly ConcurrentDictionary<string, CertificateVerdict> _forwarded = new(StringComparer.Ordinal);

    // The certificate of a proxy's connection is the proxy's own: taken for the client's, it would lend everybody the proxy's rights.
    public X509Certificate2? Find(HttpContext http) => !CameByKnownProxy(http)
        ? http.Connection.ClientCertificate
        : store.TryGet(out var trust) ? JudgeForwarded(http, trust, out _)?.Shown.Certificate : null;

    public Recognition Read(HttpContext http)
    {
        if (!store.IsConfigured)
        {
            return default;
        }

        var isForwarded = CameByKnownProxy(http);
        var certificate = isForwarded ? null : http.Connection.ClientCertificate;
        if (certificate is null && !(isForwarded && IsSent(http)))
        {
            return default;
        }

        if (!store.TryGet(out var trust))
        {
            return Recognition.Refused(InferenceErrors.CredentialsUnavailable);
        }

        var error = default(InferenceError);
        var verdict = certificate is not null ? JudgeConnection(certificate, trust) : JudgeForwarded(http, trust, out error);
        return verdict?.Recognition ?? Recognition.Refused(error ?? Malformed);
    }

    // The app's own endpoints may ask who is calling where the first guard has not run, and so has not looked.
    private bool CameByKnownProxy(HttpContext http)
    {
        var context = InferenceContext.Get(http);
        return context.CameByKnownProxy || (!context.HasPassed(InferenceStage.Arrival, http.GetEndpoint()) && proxies.Brought(http));
    }

    private bool IsSent(HttpContext http) => _header is not null && http.Request.Headers.ContainsKey(_header);

    private CertificateVerdict JudgeConnection(X509Certificate2 certificate, ClientTrust trust)
    {
        if (_connections.TryGetValue(certificate, out var known) && known.Holds(trust, time.GetUtcNow()))
        {
            return known;
        }

        var verdict = judge.Judge(new ShownCertificate(certificate, sent.Of(certificate)), trust);
        _connections.AddOrUpdate(certificate, verdict);
        return verdict;
    }

    private CertificateVerdict? JudgeForwarded(HttpContext http, ClientTrust trust, out InferenceError? error)
    {
        error = Malformed;

        // Two lines are two clients, and nobody can say which of them the proxy has written.
        if (_header is null || http.Request.Headers[_header] is not [{ Length: > 0 } value])
        {
            return null;
        }

        if (_forwarded.TryGetValue(value, out var known) && known.Holds(trust, time.GetUtcNow()))
        {
            return known;
        }

        if (!ForwardedCertificate.TryParse(value, out var shown))
        {
            return null;
        }

        error = null;
        var verdict = judge.Judge(shown, trust);
        Remember(value, verdict);
        return verdict;
    }

    // Good ones only: who has none must not be able to crowd out those who have.
    private void Remember(string value, CertificateVerdict verdict)
    {
        if (verdict.Error is not null)
        {
            _forwarded.TryRemove(value, out _);
            return;
        }

        if (_forwarded.Count >= MaxForwarded)
        {
            _forwarded.Clear();
        }

        _forwarded[value] = verdict;
    }
}
