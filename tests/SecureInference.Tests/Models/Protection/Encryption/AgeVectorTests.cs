using System.Security.Cryptography;
using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tests.Models.Protection.Encryption;

/// <summary>All vectors but the post-quantum ones, which are looked at for how they are refused.</summary>
public sealed class AgeVectorTests
{
    private static readonly Dictionary<AgeFailure, string> Words = new()
    {
        [AgeFailure.Header] = "header failure",
        [AgeFailure.NoMatch] = "no match",
        [AgeFailure.HeaderMac] = "HMAC failure",
        [AgeFailure.Payload] = "payload failure",
        [AgeFailure.Armor] = "armor failure",
    };

    public static TheoryData<string> InScope => Data(static name => !AgeVector.IsHybrid(name));

    public static TheoryData<string> Hybrid => Data(AgeVector.IsHybrid);

    [Fact]
    public void Vectors_InScope_AreAll124()
    {
        Assert.SkipUnless(Directory.Exists(AgeVector.Folder), AgeVector.Reason);

        Assert.Equal((124, 19), (InScope.Count, Hybrid.Count));
    }

    [Theory]
    [MemberData(nameof(InScope))]
    public async Task ReadInChunks_Vector_EndsAsItSays(string name)
    {
        Assert.SkipWhen(name.Length == 0, AgeVector.Reason);
        var vector = AgeVector.Read(name);
        using var released = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        var outcome = await OutcomeAsync(async () =>
        {
            using var file = await OpenAsync(vector);
            using var reader = new PayloadReader(file);
            var chunk = new byte[AgeFormat.ChunkSize];
            while (await reader.ReadAsync(chunk, CancellationToken.None) is >= 0 and var length)
            {
                released.AppendData(chunk, 0, length);
            }
        });

        Assert.Equal(vector.Expect, outcome);
        if (vector.Payload is { } payload)
        {
            Assert.Equal(payload, Convert.ToHexStringLower(released.GetHashAndReset()));
        }
    }

    [Theory]
    [MemberData(nameof(InScope))]
    public async Task ReadIntoMemory_Vector_EndsAsItSays(string name)
    {
        Assert.SkipWhen(name.Length == 0, AgeVector.Reason);
        var vector = AgeVector.Read(name);
        byte[]? clear = null;

        var outcome = await OutcomeAsync(async () =>
        {
            using var file = await OpenAsync(vector);
            clear = await PayloadMemory.ReadAsync(file, CancellationToken.None);
        });

        Assert.Equal(vector.Expect, outcome);
        Assert.Equal(vector.Expect == "success" ? vector.Payload : null, clear is null ? null : Convert.ToHexStringLower(SHA256.HashData(clear)));
    }

    [Theory]
    [MemberData(nameof(Hybrid))]
    public async Task Open_PostQuantumVector_IsForSomebodyElse(string name)
    {
        Assert.SkipWhen(name.Length == 0, AgeVector.Reason);
        var vector = AgeVector.Read(name);
        using var own = X25519Identity.Create();

        var outcome = await OutcomeAsync(async () => (await OpenAsync(vector, [.. vector.Identities, own])).Dispose());

        // What is malformed for any reader is malformed here, too: base64 that is not canonical, and an X25519 stanza of a wrong length.
        Assert.Equal(name is "hybrid_not_canonical_body" or "hybrid_x25519_arg" ? "header failure" : "no match", outcome);
    }

    private static Task<OpenedAgeFile> OpenAsync(AgeVector vector) => OpenAsync(vector, vector.Identities);

    private static async Task<OpenedAgeFile> OpenAsync(AgeVector vector, IReadOnlyList<IAgeIdentity> identities)
    {
        using var content = new MemoryStream(vector.File);

        // By its first line alone, text that is no armor would be taken for a file without one.
        var file = vector.IsArmored ? await AgeArmor.ReadAsync(content, CancellationToken.None) : vector.File;
        return await AgeFile.OpenAsync(new MemoryStream(file), identities, CancellationToken.None);
    }

    private static async Task<string> OutcomeAsync(Func<Task> read)
    {
        try
        {
            await read();
            return "success";
        }
        catch (AgeException refused)
        {
            return Words[refused.Failure];
        }
    }

    // Without the vectors there is one row, which is skipped and says why.
    private static TheoryData<string> Data(Func<string, bool> isWanted) => AgeVector.Names is [] ? [""] : [.. AgeVector.Names.Where(isWanted)];
}
