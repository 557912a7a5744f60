using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SecureInference.Pipeline.Authentication.Revocations;

namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>Keeps what certificates are judged by, and follows its files: the trust bundle and the authorities' revocation lists.</summary>
internal sealed class ClientTrustStore : IStartCheck, IReadinessCheck, IOtherCredentials, IDisposable
{
    private const string ListName = "certificate revocation list";
    private readonly FollowedFile<TrustBundle>? _bundle;
    private readonly FollowedFile<IReadOnlyList<CertificateRevocations>>[] _lists = [];
    private readonly RevocationStore _revoked;
    private readonly TimeProvider _time;
    private volatile ClientTrust? _trust;

    public ClientTrustStore(
        IOptions<ClientCertificateOptions> options, RevocationStore revoked, IHostEnvironment environment, AuthenticationTelemetry telemetry, TimeProvider time)
    {
        _revoked = revoked;
        _time = time;
        if (options.Value.TrustBundle is not { Length: > 0 } bundle)
        {
            return;
        }

        _bundle = new FollowedFile<TrustBundle>(
            "trust bundle", Path.Combine(environment.ContentRootPath, bundle), TrustBundle.Parse, options.Value.PollInterval, options.Value.MaxStaleness, telemetry, time);
        _lists =
        [
            .. options.Value.CertificateRevocationLists.Select((file, index) => new FollowedFile<IReadOnlyList<CertificateRevocations>>(
                ListName, Path.Combine(environment.ContentRootPath, file), (bytes, path) => ReadLists(index, bytes, path), options.Value.PollInterval, options.Value.MaxStaleness, telemetry, time)),
        ];
    }

    /// <summary>Gets whether clients are asked for certificates at all.</summary>
    public bool IsConfigured => _bundle is not null;

    public string HowToSend => "a client certificate with the connection";

    /// <summary>Gets whether a file is being read.</summary>
    public bool IsReading => _bundle?.IsReading == true || Array.Exists(_lists, static file => file.IsReading);

    /// <summary>Gets what certificates are judged by now: the same object until something changes.</summary>
    /// <returns><see langword="false"/> where a file could not be read for so long that nothing may be decided by it.</returns>
    public bool TryGet([NotNullWhen(true)] out ClientTrust? trust)
    {
        trust = _trust;
        if (_bundle is null || !_bundle.TryGet(out var bundle) || !_revoked.TryGet(out var revoked))
        {
            trust = null;
            return false;
        }

        var isSame = trust?.Consists(bundle, revoked) == true;
        for (var file = 0; file < _lists.Length; file++)
        {
            if (!_lists[file].TryGet(out var lists))
            {
                trust = null;
                return false;
            }

            isSame = isSame && trust?.Consists(file, lists) == true;
        }

        // Two requests may make it at once: then both are right, and one of them judges once more than it must.
        return isSame || TryCompose(bundle, revoked, out trust);
    }

    /// <summary>Reads the files for the first time.</summary>
    /// <exception cref="InvalidOperationException">One is missing or wrong; the message says what to write.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (_bundle is null)
        {
            return;
        }

        // The bundle first: lists are checked by its keys.
        await _bundle.StartAsync(RemedyIn(nameof(ClientCertificateOptions.TrustBundle)), cancellationToken);
        for (var file = 0; file < _lists.Length; file++)
        {
            await _lists[file].StartAsync(RemedyIn($"{nameof(ClientCertificateOptions.CertificateRevocationLists)}:{file}"), cancellationToken);
        }
    }

    public InferenceError? Find() => _bundle?.Find() ?? _lists.Select(static file => file.Find()).FirstOrDefault(static error => error is not null);

    public string? FindDegradation() => _bundle?.FindDegradation()
        ?? _lists.Select(static file => file.FindDegradation()).FirstOrDefault(static problem => problem is not null)
        ?? (TryGet(out var trust) && trust.Lists.Any(list => !list.IsInForce(_time.GetUtcNow()))
            ? $"A {ListName} is not in force; certificates of its authority are refused." : null);

    public void Dispose()
    {
        _bundle?.Dispose();
        foreach (var file in _lists)
        {
            file.Dispose();
        }
    }

    private static string RemedyIn(string setting) => $"Set SecureInference:ClientCertificates:{setting} to the file, or remove it from there.";

    private bool TryCompose(TrustBundle bundle, RevocationList revoked, [NotNullWhen(true)] out ClientTrust? trust)
    {
        var all = new IReadOnlyList<CertificateRevocations>[_lists.Length];
        trust = null;
        for (var file = 0; file < all.Length; file++)
        {
            if (!_lists[file].TryGet(out var lists))
            {
                return false;
            }

            all[file] = lists;
        }

        trust = _trust = new ClientTrust(bundle, revoked, all);
        return true;
    }

    private List<CertificateRevocations> ReadLists(int file, byte[] bytes, string path)
    {
        var lists = CertificateRevocationsReader.Parse(bytes, path);
        _lists[file].TryGet(out var before);
        foreach (var list in lists)
        {
            // A list that nobody of that name has signed is taken for a broken file: the last good one stays.
            if (_bundle?.TryGet(out var bundle) == true && bundle.Find(list.Issuer).ToArray() is { Length: > 0 } authorities && !Array.Exists(authorities, list.IsSignedBy))
            {
                throw new InvalidDataException($"The {ListName} '{path}' is not signed by the authority that it names. Export it again from the authority.");
            }

            // An old list, however well signed, would bring back what was revoked since.
            if (before?.Any(known => known.Issuer.AsSpan().SequenceEqual(list.Issuer)) == true
                && !before.Any(known => known.Issuer.AsSpan().SequenceEqual(list.Issuer) && known.ThisUpdate <= list.ThisUpdate))
            {
                throw new InvalidDataException($"The {ListName} '{path}' is older than the one in force. If that is on purpose, restart the app.");
            }
        }

        return lists;
    }
}
