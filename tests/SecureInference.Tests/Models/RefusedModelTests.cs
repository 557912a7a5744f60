using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace SecureInference.Tests.Models;

public sealed class RefusedModelTests
{
    [Fact]
    public async Task Load_UnknownOperatorWithoutNativeLibrary_IsRefusedBeforeThatIsMissed()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSecureInference(static _ => { }).AddOnnxModels();
        await using var provider = services.BuildServiceProvider();

        var hostile = await RefusalOfAsync(provider, "Nothing");
        var harmless = await RefusalOfAsync(provider, "Relu");

        Assert.Contains("is refused before it is loaded", hostile, StringComparison.Ordinal);
        Assert.Contains("ONNX-C2", hostile, StringComparison.Ordinal);
        // These tests bring no native ONNX Runtime: what reaches it says that it is missing.
        Assert.Contains("The native ONNX Runtime is missing", harmless, StringComparison.Ordinal);
    }

    private static async Task<string> RefusalOfAsync(IServiceProvider services, string operatorType)
    {
        var path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, Model(operatorType), TestContext.Current.CancellationToken);
        try
        {
            var load = async () => await services.GetRequiredService<IModelLoader>().LoadAsync("test", new ModelOptions { Path = path }, TestContext.Current.CancellationToken);
            return (await Assert.ThrowsAsync<ModelLoadException>(load)).Message;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Model(string operatorType)
    {
        byte[] node = [0x0A, 1, (byte)'x', 0x12, 1, (byte)'y', 0x22, (byte)operatorType.Length, .. Encoding.UTF8.GetBytes(operatorType)];
        byte[] graph = [0x0A, (byte)node.Length, .. node, 0x12, 1, (byte)'g', 0x5A, 15, .. Value('x'), 0x62, 15, .. Value('y')];
        return [0x08, 8, 0x42, 2, 0x10, 17, 0x3A, (byte)graph.Length, .. graph];
    }

    // A float of two elements.
    private static byte[] Value(char name) => [0x0A, 1, (byte)name, 0x12, 10, 0x0A, 8, 0x08, 1, 0x12, 4, 0x0A, 2, 0x08, 2];
}
