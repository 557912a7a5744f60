using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.Tests.Models.Protection.Signing;
using SecureInference.Tests.Protocol;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Models.Protection;

public sealed class MetadataProtectionTests
{
    [Fact]
    public async Task Get_Model_SaysToAdministratorsAloneWhatWasLoaded()
    {
        using var door = new Door();
        var digest = await door.Write("model.onnx", "4").Trust().SignAsync();
        await using var app = await GuardedApp.StartAsync(guards =>
        {
            guards.Services.AddSingleton<IModelLoader, ReadingLoader>();
            guards.Services.AddSingleton(new ModelRegistration("m", door.Options));
        });
        using var administrator = new HttpClient { BaseAddress = app.Address };
        administrator.DefaultRequestHeaders.Add("x-api-key", TestKeys.Add(app.StorePath, "operator", ["model:m:read", "admin"]));

        using var answer = await app.Client.GetAsync("/v2/models/m", TestContext.Current.CancellationToken);
        var toOthers = await answer.ReadJsonAsync();
        var toAdministrators = default(JsonElement);
        await Served.UntilAsync(() => TryRead(administrator, out toAdministrators));

        Assert.False(toOthers.TryGetProperty("protection", out _));
        Assert.Equal(
            $$"""{"digest":"{{digest}}","signer":"key {{Forgery.HintOf(door.Publisher.Key)}}","encrypted":false}""",
            toAdministrators.GetProperty("protection").GetRawText());
    }

    private static bool TryRead(HttpClient client, out JsonElement json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v2/models/m");
        using var answer = client.Send(request, TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(answer.Content.ReadAsStream(TestContext.Current.CancellationToken));
        json = document.RootElement.Clone();
        return answer.StatusCode == HttpStatusCode.OK;
    }
}
