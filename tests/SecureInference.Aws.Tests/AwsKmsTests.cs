namespace SecureInference.Aws.Tests;

/// <summary>The client against a server that speaks the protocol.</summary>
public sealed class AwsKmsTests
{
    private static readonly byte[] FileKey = [.. Enumerable.Range(1, 16).Select(static index => (byte)index)];

    [Fact]
    public async Task Unwrap_WhatWasWrapped_IsTheKeyAgain()
    {
        await using var kms = await FakeKms.StartAsync();
        using var client = kms.Client();

        var wrapped = await client.WrapAsync(FakeKms.Key, FileKey, TestContext.Current.CancellationToken);
        var unwrapped = await client.UnwrapAsync(wrapped, TestContext.Current.CancellationToken);

        Assert.Equal(FileKey, unwrapped);
        Assert.Equal(("aws-kms", FakeKms.Key, "SYMMETRIC_DEFAULT"), (wrapped.Provider, wrapped.KeyId, wrapped.Algorithm));
        Assert.Equal(["TrentService.Encrypt", "TrentService.Decrypt"], kms.Requests.Select(static request => request.Action));
        Assert.All(kms.Requests, static request => Assert.StartsWith("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/", request.Authorization, StringComparison.Ordinal));
        Assert.Equal(FakeKms.Key, kms.Requests.Last().Body.GetProperty("KeyId").GetString());
    }

    [Fact]
    public async Task Unwrap_KeyThatIsNotListed_IsNotAskedFor()
    {
        await using var kms = await FakeKms.StartAsync();
        using var client = kms.Client(kms.Options("alias/other"));

        var refused = await Assert.ThrowsAsync<ModelLoadException>(async () => await client.UnwrapAsync(Wrapped(), TestContext.Current.CancellationToken));

        Assert.Contains("AwsKms:Keys", refused.Message, StringComparison.Ordinal);
        Assert.Empty(kms.Requests);
    }

    [Fact]
    public async Task Unwrap_AlgorithmThatIsNotUsed_IsNotAskedFor()
    {
        await using var kms = await FakeKms.StartAsync();
        using var client = kms.Client();

        await Assert.ThrowsAsync<ModelLoadException>(async () => await client.UnwrapAsync(Wrapped("RSAES_OAEP_SHA_1"), TestContext.Current.CancellationToken));

        Assert.Empty(kms.Requests);
    }

    [Theory]
    [InlineData(400, "AccessDeniedException", "kms:Decrypt")]
    [InlineData(400, "NotFoundException", "Check its name")]
    [InlineData(400, "DisabledException", "Enable it")]
    [InlineData(400, "KMSInvalidStateException", "Enable it")]
    [InlineData(400, "InvalidCiphertextException", "Encrypt the model again")]
    [InlineData(400, "UnrecognizedClientException", "credentials")]
    [InlineData(400, "SomethingNewException", "SomethingNewException")]
    public async Task Unwrap_KmsSaysNo_IsSaidWithoutItsWords(int status, string code, string expected)
    {
        await using var kms = await FakeKms.StartAsync();
        kms.Error = (status, code);
        using var client = kms.Client();

        var refused = await Assert.ThrowsAsync<ModelLoadException>(async () => await client.UnwrapAsync(Wrapped(), TestContext.Current.CancellationToken));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-role", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeKms.Secret, refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unwrap_KmsFails_IsAskedAgainAndThenGivenUp()
    {
        await using var kms = await FakeKms.StartAsync();
        kms.Error = (500, "InternalFailure");
        using var client = kms.Client();

        await Assert.ThrowsAsync<ModelLoadException>(async () => await client.UnwrapAsync(Wrapped(), TestContext.Current.CancellationToken));

        Assert.Equal(3, kms.Requests.Count);
    }

    [Fact]
    public async Task Unwrap_KmsIsDown_SaysThatItCannotBeAsked()
    {
        var kms = await FakeKms.StartAsync();
        using var client = kms.Client();
        await kms.DisposeAsync();

        var refused = await Assert.ThrowsAsync<ModelLoadException>(async () => await client.UnwrapAsync(Wrapped(), TestContext.Current.CancellationToken));

        Assert.Contains("could not be asked", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unwrap_KmsNeverAnswers_EndsByTheTimeout()
    {
        await using var kms = await FakeKms.StartAsync();
        kms.IsSilent = true;
        var options = kms.Options();
        options.Timeout = TimeSpan.FromMilliseconds(100);
        using var client = kms.Client(options);

        var refused = await Assert.ThrowsAsync<ModelLoadException>(async () => await client.UnwrapAsync(Wrapped(), TestContext.Current.CancellationToken));

        Assert.Contains("could not be asked", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unwrap_WhoAskedGoesAway_IsCancelled()
    {
        await using var kms = await FakeKms.StartAsync();
        kms.IsSilent = true;
        using var client = kms.Client();
        using var stop = new CancellationTokenSource();

        var asking = client.UnwrapAsync(Wrapped(), stop.Token).AsTask();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    private static WrappedKey Wrapped(string algorithm = "SYMMETRIC_DEFAULT") => new("aws-kms", FakeKms.Key, algorithm, (byte[])[.. "wrapped:"u8, .. FileKey]);
}
