using System.Security.Cryptography;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>The keys that key services hold: each stanza names the service that is asked.</summary>
internal sealed class KeyServiceIdentity(IEnumerable<IKeyUnwrapper> services, TimeProvider time) : IAgeIdentity
{
    /// <summary>Each asks over the network, for what a stranger may have written into a file.</summary>
    private const int MaxQuestions = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<string> _problems = [];

    /// <summary>Gets why the services that were asked did not help, a clause each.</summary>
    public IReadOnlyList<string> Problems => _problems;

    public async ValueTask<SecretBytes?> FindFileKeyAsync(IReadOnlyList<AgeStanza> stanzas, CancellationToken cancellationToken)
    {
        foreach (var stanza in stanzas.Where(static stanza => stanza.Type == WrappedKeyStanza.Type).Take(MaxQuestions))
        {
            var key = WrappedKeyStanza.Read(stanza);
            if (key.Provider != WrappingKey.Provider && await AskAsync(key, cancellationToken) is { } fileKey)
            {
                return fileKey;
            }
        }

        return null;
    }

    private async Task<SecretBytes?> AskAsync(WrappedKey key, CancellationToken cancellationToken)
    {
        var name = RecipientSummary.NameOf(key);
        if (services.FirstOrDefault(service => service.Provider == key.Provider) is not { } service)
        {
            _problems.Add($"nothing here asks for {name} (for aws-kms add the package SecureInference.Aws and .AddAwsKms(), for others .AddKeyUnwrapper<T>())");
            return null;
        }

        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return Take(await service.UnwrapAsync(key, either.Token), name);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _problems.Add($"{name} was asked for, and no answer came in time");
        }
        catch (ModelLoadException refused)
        {
            _problems.Add($"{name} was asked for: {refused.Message.TrimEnd('.')}");
        }
#pragma warning disable CA1031 // A service that fails is one that does not help; another recipient's key may.
        catch (Exception failed) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            _problems.Add($"{name} was asked for, which ended with {failed.GetType().Name}");
        }

        return null;
    }

    private SecretBytes? Take(byte[] answer, string name)
    {
        try
        {
            if (answer.Length == AgeFormat.FileKeySize)
            {
                return SecretBytes.CopyOf(answer);
            }

            _problems.Add($"{name} was asked for, and {answer.Length} bytes came back where a file key has {AgeFormat.FileKeySize}");
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(answer);
        }
    }
}
