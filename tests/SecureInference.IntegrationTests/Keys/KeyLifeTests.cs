using SecureInference.IntegrationTests.Samples;
using SecureInference.Pipeline.Authentication.ApiKeys;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Keys;

/// <summary>Changes of the store reach an app that runs.</summary>
public sealed class KeyLifeTests
{
    [Fact]
    public async Task Store_FolderIsSwappedBehindALink_IsFollowedWithoutAnEvent()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        using var mount = new TestFolder();
        var (first, second) = (Folder("v1"), Folder("v2"));
        var link = mount.File("current");
        Directory.CreateSymbolicLink(link, "v1");
        TestKeys.AddPepper(first);
        File.Copy(Path.Combine(first, TestKeys.PepperName), Path.Combine(second, TestKeys.PepperName));
        var gone = new KeyStoreEditor(Path.Combine(first, "keys.json")).Add("shop");
        File.Copy(Path.Combine(first, "keys.json"), Path.Combine(second, "keys.json"));
        var store = new KeyStoreEditor(Path.Combine(second, "keys.json"));
        store.ChangeRow(gone, static row => row with { Revoked = KeyStoreEditor.Now });
        var came = store.Add("bank");
        await using var app = await KeyApp.StartAsync(
            ("ApiKeys:Store", Path.Combine(link, "keys.json")), ("ApiKeys:PepperFile", Path.Combine(link, TestKeys.PepperName)));
        Assert.Equal((200, 403), (await KeyApp.AskAsync(app, gone), await KeyApp.AskAsync(app, came)));

        // The watch stays on the first folder, in which nothing happens.
        Directory.CreateSymbolicLink(mount.File("next"), "v2");
        File.Delete(link);
        Directory.Move(mount.File("next"), link);

        await Eventually.IsTrueAsync(async () => await KeyApp.AskAsync(app, came) == 200, "the new folder is read");
        Assert.Equal(403, await KeyApp.AskAsync(app, gone));

        string Folder(string name) => Directory.CreateDirectory(mount.File(name)).FullName;
    }

    [Fact]
    public async Task Rotation_WhileRequestsRun_NoneFailsWithEitherKey()
    {
        await using var app = await KeyApp.StartAsync();
        var store = new KeyStoreEditor(app.StorePath);
        var old = store.Add("shop");
        await Eventually.IsTrueAsync(async () => await KeyApp.AskAsync(app, old) == 200, "the key is read");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var asking = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AskUntilAsync(app, old, end.Token)));

        var made = "";
        store.ChangeRow(old, row => store.Issuer.Rotate(row, KeyStoreEditor.Now, TimeSpan.FromHours(1), expires: null, out made));
        await Eventually.IsTrueAsync(async () => await KeyApp.AskAsync(app, made) == 200, "the new key is read");
        var askingToo = AskUntilAsync(app, made, end.Token);
        for (var change = 0; change < 20; change++)
        {
            store.Add($"other-{change}");
            Assert.Equal(200, await KeyApp.AskAsync(app, made));
        }

        await end.CancelAsync();
        Assert.All((int[][])[.. await asking, await askingToo], static statuses => Assert.Equal([200], statuses));
        Assert.DoesNotContain(app.Log.Entries, static entry => entry.EventId == 1201);
    }

    [Fact]
    public async Task LastUse_KeyWasAccepted_IsInTheFileAfterAStop()
    {
        await using var app = await KeyApp.StartAsync(("ApiKeys:LastUseFile", "last-use.json"));
        var refused = new KeyStoreEditor(app.StorePath).Add("elsewhere", static row => row with { Networks = ["10.0.0.0/8"] });
        var before = KeyStoreEditor.Now;
        Assert.Equal(200, await KeyApp.AskAsync(app, app.Key));
        Assert.Equal(403, await KeyApp.AskAsync(app, refused));

        await app.StopAsync();

        var uses = ApiKeyLastUseFile.Read(Path.Combine(Path.GetDirectoryName(app.StorePath)!, "last-use.json")).LastUse;
        var (id, hour) = Assert.Single(uses);
        Assert.Equal(app.Key.Split('_')[2], id);
        Assert.InRange(hour, before.AddHours(-1), KeyStoreEditor.Now);
    }

    private static async Task<int[]> AskUntilAsync(GuardedApp app, string key, CancellationToken end)
    {
        var statuses = new HashSet<int>();
        while (!end.IsCancellationRequested)
        {
            statuses.Add(await KeyApp.AskAsync(app, key));
        }

        return [.. statuses];
    }
}
