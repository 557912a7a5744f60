using System.Text;
using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tool.Tests.Models.Encryption;

/// <summary>Commands that write no clear model leave no byte of one, and none says a key.</summary>
public sealed class MarkerTests
{
    private static readonly byte[] Marker = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("CLEAR-MODEL-MARKER-7c1f", 8000)));

    [Fact]
    public async Task Run_CommandsOnEncryptedModels_LeaveNoClearByteAndSayNoKey()
    {
        using var models = await ModelFixture.CreateAsync();
        await File.WriteAllBytesAsync(models.Model, Marker, TestContext.Current.CancellationToken);
        var (first, second) = (await models.MakeKeyAsync(), await models.MakeKeyAsync("second.txt"));
        var said = new List<ToolAnswer> { await models.RunAsync("encrypt", models.Model, "--recipient", first, "--output", models.Encrypted) };
        File.Delete(models.Model);
        var broken = models.Read(models.Encrypted);
        broken[^1] ^= 1;
        await File.WriteAllBytesAsync(models.File("broken.age"), broken, TestContext.Current.CancellationToken);

        said.Add(await models.RunAsync("rewrap", models.Encrypted, "--identity", models.Key, "--recipient", second));
        said.Add(await models.RunAsync("reencrypt", models.Encrypted, "--identity", models.File("second.txt"), "--recipient", first));
        said.Add(await models.RunAsync("reencrypt", models.File("broken.age"), "--identity", models.Key, "--recipient", first));
        said.Add(await models.RunAsync("decrypt", models.File("broken.age"), "--identity", models.Key, "--output", models.File("clear.onnx")));
        said.Add(await models.RunAsync("decrypt", models.Encrypted, "--identity", models.File("second.txt"), "--output", models.File("clear.onnx")));
        said.Add(await models.RunAsync("decrypt", models.Encrypted, "--identity", models.Encrypted, "--output", models.File("clear.onnx")));

        Assert.Equal([0, 0, 0, 1, 1, 1, 3], said.Select(static answer => answer.ExitCode));
        Assert.All(models.Files, file => Assert.Equal(-1, models.Read(models.File(file)).AsSpan().IndexOf("MARKER-7c1f"u8)));
        foreach (var key in new[] { models.SecretIn(models.Key), models.SecretIn(models.File("second.txt")) })
        {
            Assert.All(said, answer => Assert.DoesNotContain(key[X25519Identity.Prefix.Length..], answer.Output + answer.Error, StringComparison.OrdinalIgnoreCase));
        }
    }
}
