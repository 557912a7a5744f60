using System.Diagnostics;
using SecureInference.Pipeline.Authentication.ApiKeys;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Authentication.ApiKeys;

public sealed class ApiKeyFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Store => _folder.File("keys.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Write_StoreThatIsThere_StaysTheSameFile()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps owners by other means.");
        TestKeys.Add(Store, "first", ["model:a:infer"]);
        using (var link = Process.Start("ln", [Store, _folder.File("same")]))
        {
            await link.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        TestKeys.Add(Store, "second", ["model:a:infer"]);

        Assert.Equal(["first", "second"], ApiKeyFile.Read(_folder.File("same")).Keys.Select(static row => row.Owner));
        Assert.False(File.Exists(Store + ".new"));
    }

    [Fact]
    public void Write_ShorterStore_LeavesNothingOfTheLongerOne()
    {
        TestKeys.Add(Store, "first", ["model:a:infer"]);
        TestKeys.Add(Store, "second", ["model:a:infer"]);

        ApiKeyFile.Empty.Write(Store);

        Assert.Empty(ApiKeyFile.Read(Store).Keys);
    }

    [Fact]
    public void Read_WriteWasInterrupted_SaysWhereTheWholeStoreIs()
    {
        TestKeys.Add(Store, "first", ["model:a:infer"]);
        File.Copy(Store, Store + ".new");
        File.WriteAllText(Store, File.ReadAllText(Store)[..40]);

        var refusal = Assert.Throws<InvalidDataException>(() => ApiKeyFile.Read(Store));

        Assert.Contains("keys.json.new", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NewerVersionWithFieldsOfItsOwn_AsksForAnUpdate()
    {
        File.WriteAllText(Store, """{"version":3,"generation":1,"pepper":"1","keys":[]}""");

        var refusal = Assert.Throws<InvalidDataException>(() => ApiKeyFile.Read(Store));

        Assert.Contains("Update SecureInference", refusal.Message, StringComparison.Ordinal);
    }
}
