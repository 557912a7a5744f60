namespace SecureInference.IntegrationTests.Attacks;

/// <summary>Requests whose end two parsers could see in different places: one error, nothing hidden behind it, and the connection closed.</summary>
public sealed class FramingTests(EchoAppFixture fixture) : IClassFixture<EchoAppFixture>
{
    private const string Hidden = "GET /v2/health/live HTTP/1.1\r\nHost: hidden\r\n\r\n";
    private static readonly string Chunks = $"{EchoApp.Body.Length:x}\r\n{EchoApp.Body}\r\n0\r\n\r\n";

    /// <summary>Framing headers, and what follows them; each would be a request that is answered with 200, were its framing right.</summary>
    private static readonly Dictionary<string, (string Headers, string Body)> Cases = new()
    {
        ["TransferEncodingAndLength"] = ($"Transfer-Encoding: chunked\r\nContent-Length: {Chunks.Length}", Chunks),
        ["LengthAndTransferEncoding"] = ("Content-Length: 5\r\nTransfer-Encoding: chunked", Chunks),
        ["LengthOfTheHiddenRequest"] = ($"Content-Length: {5 + Hidden.Length}\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
        ["TwoLengths"] = ($"Content-Length: {EchoApp.Body.Length}\r\nContent-Length: 0", EchoApp.Body),
        ["SameLengthTwice"] = ($"Content-Length: {EchoApp.Body.Length}\r\nContent-Length: {EchoApp.Body.Length}", EchoApp.Body),
        ["ListOfLengths"] = ($"Content-Length: {EchoApp.Body.Length}, {EchoApp.Body.Length}", EchoApp.Body),
        ["NegativeLength"] = ("Content-Length: -1", EchoApp.Body),
        ["HexLength"] = ($"Content-Length: 0x{EchoApp.Body.Length:x}", EchoApp.Body),
        ["HugeLength"] = ("Content-Length: 99999999999999999999", EchoApp.Body),
        ["EmptyLength"] = ("Content-Length:", EchoApp.Body),
        ["LengthWithSpaceBeforeColon"] = ($"Content-Length : {EchoApp.Body.Length}", EchoApp.Body),
        ["ChunkedIdentity"] = ("Transfer-Encoding: chunked, identity", Chunks),
        ["IdentityChunked"] = ("Transfer-Encoding: identity, chunked", Chunks),
        ["GzipChunked"] = ("Transfer-Encoding: gzip, chunked", Chunks),
        ["ChunkedTwice"] = ("Transfer-Encoding: chunked, chunked", Chunks),
        ["ChunkedInTwoHeaders"] = ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", Chunks),
        ["ChunkedThenIdentityHeader"] = ("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", Chunks),
        ["Xchunked"] = ("Transfer-Encoding: xchunked", Chunks),
        ["XchunkedThenChunked"] = ("Transfer-Encoding: xchunked\r\nTransfer-Encoding: chunked", Chunks),
        ["VerticalTabChunked"] = ("Transfer-Encoding: \vchunked", Chunks),
        ["QuotedChunked"] = ("Transfer-Encoding: \"chunked\"", Chunks),
        ["EmptyTransferEncoding"] = ("Transfer-Encoding:", Chunks),
        ["TransferEncodingWithSpaceBeforeColon"] = ("Transfer-Encoding : chunked", Chunks),
        ["FoldedTransferEncoding"] = ("Transfer-Encoding:\r\n chunked", Chunks),
        ["ChunkSizeNegative"] = ("Transfer-Encoding: chunked", Chunk("-1")),
        ["ChunkSizePrefixed"] = ("Transfer-Encoding: chunked", Chunk($"0x{EchoApp.Body.Length:x}")),
        ["ChunkSizeSigned"] = ("Transfer-Encoding: chunked", Chunk($"+{EchoApp.Body.Length:x}")),
        ["ChunkSizeNotHex"] = ("Transfer-Encoding: chunked", Chunk("G")),
        ["ChunkSizeEmpty"] = ("Transfer-Encoding: chunked", Chunk("")),
        ["ChunkSizeOverflows"] = ("Transfer-Encoding: chunked", Chunk("FFFFFFFFFFFFFFFF")),
        ["ChunkSizeWrapsAround"] = ("Transfer-Encoding: chunked", Chunk($"10000000000000000{EchoApp.Body.Length:x}")),
        ["ChunkWithoutItsEnd"] = ("Transfer-Encoding: chunked", $"{EchoApp.Body.Length:x}\r\n{EchoApp.Body}0\r\n\r\n"),
        ["ChunkSizeTooSmall"] = ("Transfer-Encoding: chunked", $"2\r\n{EchoApp.Body}\r\n0\r\n\r\n"),
        ["ChunkSizeLineEndsInLineFeed"] = ("Transfer-Encoding: chunked", Chunks.Replace("\r\n", "\n", StringComparison.Ordinal)),
        ["LineFeedInChunkExtension"] = ("Transfer-Encoding: chunked", Chunk($"{EchoApp.Body.Length:x};a\nb")),
        ["CarriageReturnInChunkExtension"] = ("Transfer-Encoding: chunked", Chunk($"{EchoApp.Body.Length:x};a\rb")),
        ["HugeTrailer"] = ("Transfer-Encoding: chunked", $"{Chunks[..^2]}x: {new string('a', 1 << 20)}\r\n\r\n"),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Infer_AmbiguousFraming_IsRefusedOnceAndTheConnectionClosed(string name)
    {
        var runs = fixture.Model.Runs;

        var answers = await RawClient.ExchangeAsync(fixture.App.Address, Request(name, $"x-api-key: {fixture.App.Key}\r\n"), TestContext.Current.CancellationToken);

        Assert.Contains(Assert.Single(RawClient.Statuses(answers)), new[] { 400, 408, 411, 413, 414, 431, 501 });
        Assert.Equal(runs, fixture.Model.Runs);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Infer_AmbiguousFramingWithoutCredential_IsRefusedOnceAndTheConnectionClosed(string name)
    {
        var runs = fixture.Model.Runs;

        var answers = await RawClient.ExchangeAsync(fixture.App.Address, Request(name, ""), TestContext.Current.CancellationToken);

        Assert.Contains(Assert.Single(RawClient.Statuses(answers)), new[] { 400, 401, 411, 413, 414, 431, 501 });
        Assert.Equal(runs, fixture.Model.Runs);
    }

    [Fact]
    public async Task Infer_ChunksAsTheyShouldBe_Runs()
    {
        var runs = fixture.Model.Runs;
        var request = $"POST {EchoApp.InferPath} HTTP/1.1\r\nHost: localhost\r\nx-api-key: {fixture.App.Key}\r\nConnection: close\r\nTransfer-Encoding: Chunked\r\n\r\n{Chunks}";

        var answers = await RawClient.ExchangeAsync(fixture.App.Address, request, TestContext.Current.CancellationToken);

        Assert.Equal([200], RawClient.Statuses(answers));
        Assert.Equal(runs + 1, fixture.Model.Runs);
    }

    [Fact]
    public async Task Infer_TransferEncodingBesideContentLength_IsRefusedByTheFirstGuard()
    {
        var answers = await RawClient.ExchangeAsync(
            fixture.App.Address, Request("LengthAndTransferEncoding", $"x-api-key: {fixture.App.Key}\r\n"), TestContext.Current.CancellationToken);

        // Kestrel itself would have let it pass: it moves the length to X-Content-Length and goes on.
        Assert.Contains("The request has both Transfer-Encoding and Content-Length.", answers, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answers, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_HugeChunkExtension_CountsAsBody()
    {
        var runs = fixture.Model.Runs;
        var request = $"POST {EchoApp.InferPath} HTTP/1.1\r\nHost: localhost\r\nx-api-key: {fixture.App.Key}\r\nTransfer-Encoding: chunked\r\n\r\n"
            + $"{Chunk($"{EchoApp.Body.Length:x};{new string('a', 1 << 20)}")}{Hidden}";

        var answers = await RawClient.ExchangeAsync(fixture.App.Address, request, TestContext.Current.CancellationToken);

        Assert.Equal([413], RawClient.Statuses(answers));
        Assert.Equal(runs, fixture.Model.Runs);
    }

    [Fact]
    public async Task Infer_ChunksInHttp10_AreRefusedAndTheConnectionClosed()
    {
        var runs = fixture.Model.Runs;
        var request = $"POST {EchoApp.InferPath} HTTP/1.0\r\nx-api-key: {fixture.App.Key}\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n{Chunks}{Hidden}";

        var answers = await RawClient.ExchangeAsync(fixture.App.Address, request, TestContext.Current.CancellationToken);

        Assert.Equal([400], RawClient.Statuses(answers));
        Assert.Equal(runs, fixture.Model.Runs);
    }

    [Fact]
    public async Task Infer_ChunkedBodyThatEndsEarly_DoesNotRun()
    {
        var runs = fixture.Model.Runs;
        using var client = await RawClient.ConnectAsync(fixture.App.Address, TestContext.Current.CancellationToken);
        await client.SendAsync(
            $"POST {EchoApp.InferPath} HTTP/1.1\r\nHost: localhost\r\nx-api-key: {fixture.App.Key}\r\nTransfer-Encoding: chunked\r\n\r\n{Chunks[..^5]}",
            TestContext.Current.CancellationToken);
        client.EndSending();

        var answers = await client.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.DoesNotContain(200, RawClient.Statuses(answers));
        Assert.Equal(runs, fixture.Model.Runs);
    }

    private static string Chunk(string size) => $"{size}\r\n{EchoApp.Body}\r\n0\r\n\r\n";

    private static string Request(string name, string credential)
    {
        var (headers, body) = Cases[name];
        return $"POST {EchoApp.InferPath} HTTP/1.1\r\nHost: localhost\r\n{credential}Content-Type: application/json\r\n{headers}\r\n\r\n{body}{Hidden}";
    }
}
