using System.Security.Cryptography;
using Amazon;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using Microsoft.Extensions.Options;

namespace SecureInference.Aws;

/// <summary>Asks AWS KMS to wrap and unwrap the keys of encrypted models; the key itself never leaves KMS.</summary>
internal sealed class AwsKms : IKeyUnwrapper, IKeyWrapper, IDisposable
{
    public const string Name = "aws-kms";

    private const int Retries = 2;

    // What a file names is passed on only if it is one of these: others may be weaker, such as OAEP with SHA-1.
    private static readonly string[] Algorithms = [EncryptionAlgorithmSpec.SYMMETRIC_DEFAULT.Value, EncryptionAlgorithmSpec.RSAES_OAEP_SHA_256.Value];

    private readonly AwsKmsOptions _options;
    private readonly Lazy<IAmazonKeyManagementService> _client;

    public AwsKms(IOptions<AwsKmsOptions> options)
        : this(options.Value, credentials: null)
    {
    }

    /// <param name="options">Which keys may be asked for.</param>
    /// <param name="credentials">Who asks, or <see langword="null"/> for whoever the environment says.</param>
    public AwsKms(AwsKmsOptions options, AWSCredentials? credentials)
    {
        _options = options;

        // At the first question: looking for credentials may go over the network, and an app without encrypted models needs none.
        _client = new(() => Create(options, credentials));
    }

    public string Provider => Name;

    public ValueTask<byte[]> UnwrapAsync(WrappedKey key, CancellationToken cancellationToken)
    {
        if (!_options.Keys.Contains(key.KeyId))
        {
            throw new ModelLoadException("the key is not listed in SecureInference:AwsKms:Keys, and so KMS was not asked. Add it there, if it is to be trusted.");
        }

        return Array.IndexOf(Algorithms, key.Algorithm) >= 0
            ? new(AskAsync(kms => DecryptAsync(kms, key, cancellationToken), cancellationToken))
            : throw new ModelLoadException($"the file was wrapped with an algorithm that is not used here. Encrypt it again, with {Algorithms[0]}.");
    }

    public ValueTask<WrappedKey> WrapAsync(string keyId, ReadOnlyMemory<byte> fileKey, CancellationToken cancellationToken) =>
        new(AskAsync(kms => EncryptAsync(kms, keyId, fileKey, cancellationToken), cancellationToken));

    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    private static AmazonKeyManagementServiceClient Create(AwsKmsOptions options, AWSCredentials? credentials)
    {
        var settings = new AmazonKeyManagementServiceConfig { Timeout = options.Timeout, MaxErrorRetry = Retries };
        if (options.ServiceUrl is { } address)
        {
            settings.ServiceURL = address;
            settings.AuthenticationRegion = options.Region;
        }
        else if (options.Region is { } region)
        {
            settings.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        return credentials is null ? new AmazonKeyManagementServiceClient(settings) : new AmazonKeyManagementServiceClient(credentials, settings);
    }

    private static async Task<byte[]> DecryptAsync(IAmazonKeyManagementService kms, WrappedKey key, CancellationToken cancellationToken)
    {
        using var wrapped = new MemoryStream(key.Ciphertext.ToArray(), writable: false);
        var answer = await kms.DecryptAsync(new DecryptRequest { KeyId = key.KeyId, CiphertextBlob = wrapped, EncryptionAlgorithm = key.Algorithm }, cancellationToken);
        return Take(answer.Plaintext);
    }

    private static async Task<WrappedKey> EncryptAsync(IAmazonKeyManagementService kms, string keyId, ReadOnlyMemory<byte> fileKey, CancellationToken cancellationToken)
    {
        var clear = fileKey.ToArray();
        try
        {
            using var stream = new MemoryStream(clear, writable: false);
            var answer = await kms.EncryptAsync(new EncryptRequest { KeyId = keyId, Plaintext = stream }, cancellationToken);
            return new WrappedKey(Name, keyId, Algorithms[0], Take(answer.CiphertextBlob));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    private static byte[] Take(MemoryStream? stream)
    {
        if (stream is null)
        {
            return [];
        }

        var bytes = stream.ToArray();
        if (stream.TryGetBuffer(out var buffer))
        {
            CryptographicOperations.ZeroMemory(buffer);
        }

        return bytes;
    }

    private async Task<T> AskAsync<T>(Func<IAmazonKeyManagementService, Task<T>> question, CancellationToken cancellationToken)
    {
        try
        {
            return await question(_client.Value);
        }
        catch (Exception failed) when (failed is AmazonClientException or AmazonServiceException or HttpRequestException or IOException or TimeoutException
            || (failed is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ModelLoadException(KmsFailure.Explain(failed), failed);
        }
    }
}
