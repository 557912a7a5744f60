using System.Diagnostics;
using System.Text;
using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tests.Pipeline.Auditing.Log;

public sealed class SignedNoteTests
{
    private const string Golden = "This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

    [Fact]
    public void TryParse_ExampleOfTheSpecification_IsRead()
    {
        var note = SignedNote.TryParse(Encoding.UTF8.GetBytes(Golden));

        Assert.Equal("This is an example message.\n", note?.Text);
        var signature = Assert.Single(note!.Signatures);
        Assert.Equal(("example.com/foo", 0x530d903aU, 64), (signature.Name, signature.KeyId, signature.Signature.Length));
        Assert.Null(note.IsSignedBy(SmallLog.Keys.Current.Public, "example.com/foo"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("text\n")]
    [InlineData("text\n\n")]
    [InlineData("text\n\n- name AAAAAAAA\n")]
    [InlineData("text\n\n\u2014 na+me AAAAAAAA\n")]
    [InlineData("text\n\n\u2014  AAAAAAAA\n")]
    [InlineData("text\n\n\u2014 name AAAA\n")]
    [InlineData("text\n\n\u2014 name AAAAAAAA")]
    [InlineData("text\n\n\u2014 name AAAAAAAB=\n")]
    [InlineData("text\r\n\n\u2014 name AAAAAAAA\n")]
    [InlineData("te\txt\n\n\u2014 name AAAAAAAA\n")]
    public void TryParse_NoNote_IsRefused(string note) => Assert.Null(SignedNote.TryParse(Encoding.UTF8.GetBytes(note)));

    [Fact]
    public void TryParse_NotUtf8_IsRefused() => Assert.Null(SignedNote.TryParse([0x74, 0xFF, 10, 10]));

    [Fact]
    public void TryParse_SixteenSignatures_AreRead()
    {
        var keys = Enumerable.Range(0, 16).Select(static _ => SigningKey.Make()).ToArray();

        var note = SignedNote.TryParse(SignedNote.Write("text\n", "name", keys));

        Assert.Equal(16, note?.Signatures.Count);
        Assert.All(keys, key => Assert.True(note!.IsSignedBy(key.Public, "name")));
        Assert.Null(note!.IsSignedBy(keys[0].Public, "another"));
    }

    [Fact]
    public void Checkpoint_IsReadByTheIndependentVerifier()
    {
        var folder = SmallLog.Make(20);
        var segments = Enumerable.Range(1, 100).Select(static number => LogNames.SealedSegment(number)).Where(folder.Exists).Select(name => folder[name]);
        var pem = SmallLog.Keys.Current.Public.Pem;

        var records = IndependentVerifier.Records(segments, pem);
        var checkpoint = IndependentVerifier.Checkpoint(Encoding.UTF8.GetString(folder[LogNames.Checkpoint]), pem);

        Assert.Equal(Enumerable.Range(0, 20).Select(static number => SmallLog.Record(number)), records);
        Assert.Equal(20, checkpoint?.Size);
        Assert.Equal(Convert.ToBase64String(Tree.NaiveTree.Root(records)), checkpoint?.Root);
        Assert.Null(IndependentVerifier.Checkpoint(Encoding.UTF8.GetString(folder[LogNames.Checkpoint]), SigningKey.Make().Public.Pem));
    }

    [Fact]
    public async Task Checkpoint_OpensslVerifiesIt()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/openssl"), "openssl is not installed.");
        var note = SignedNote.TryParse(SmallLog.Make(3)[LogNames.Checkpoint])!;
        var folder = Directory.CreateTempSubdirectory("audit-note");
        var path = folder.FullName;
        await File.WriteAllTextAsync(Path.Combine(path, "text"), note.Text, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(path, "signature"), note.Signatures[0].Signature, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(path, "key.pem"), SmallLog.Keys.Current.Public.Pem, TestContext.Current.CancellationToken);

        using var openssl = Process.Start(new ProcessStartInfo("/usr/bin/openssl", ["dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "text"])
        {
            WorkingDirectory = path,
            RedirectStandardOutput = true,
        })!;
        var output = await openssl.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await openssl.WaitForExitAsync(TestContext.Current.CancellationToken);
        folder.Delete(recursive: true);

        Assert.Equal("Verified OK", output.Trim());
    }
}
