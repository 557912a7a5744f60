using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace SecureInference.IntegrationTests.Packages;

/// <summary>Has an app recognise a digit.</summary>
internal static class ServedDigit
{
    /// <summary>A 3 out of the held-out data.</summary>
    private const string Three =
        """
        {"inputs":[{"name":"pixels","shape":[1,64],"datatype":"FP32","data":[
          0,1,9,16,16,12,1,0, 0,0,7,8,10,16,9,0, 0,0,0,0,9,16,4,0, 0,0,5,13,13,3,0,0,
          0,0,13,16,8,0,0,0, 0,0,0,11,16,8,0,0, 0,0,3,5,14,15,0,0, 0,0,10,16,11,4,0,0]}]}
        """;

    /// <summary>Sends the picture as a stranger, who is refused, and with the key that the app shows at its start.</summary>
    public static async Task RequireAsync(ConsumerApp app)
    {
        var key = await app.ReadAsync(@"^\s+(si_test_\w+)\s*$");
        using var client = new HttpClient { BaseAddress = new Uri(await app.ReadAsync(@"Now listening on: (http://\S+)")) };
        using var stranger = await client.PostAsync("/v2/models/digits/infer", new StringContent(Three), TestContext.Current.CancellationToken);
        client.DefaultRequestHeaders.Add("x-api-key", key);
        using var caller = await client.PostAsync("/v2/models/digits/infer", new StringContent(Three), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        Assert.Equal(HttpStatusCode.OK, caller.StatusCode);
        var answer = await caller.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        var probabilities = answer.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(static value => value.GetSingle()).ToArray();
        Assert.Equal(3, Array.IndexOf(probabilities, probabilities.Max()));
    }
}
