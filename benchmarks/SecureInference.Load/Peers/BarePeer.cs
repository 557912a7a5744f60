using Microsoft.AspNetCore.Builder;

namespace SecureInference.Load.Peers;

/// <summary>Kestrel alone: reads each body to its end, and answers a constant as long as a real answer.</summary>
internal static class BarePeer
{
    private static readonly byte[] Answer =
        [.. """{"model_name":"digits","model_version":"1","outputs":[{"name":"probabilities","shape":[1,10],"datatype":"FP32","data":[1E-07,1E-07,1E-07,0.99999,1E-07,1E-07,1E-07,1E-07,1E-07,1E-07]}]}"""u8];

    public static WebApplication Build()
    {
        var app = PeerServer.Prepare(WebApplication.CreateSlimBuilder()).Build();
        app.Run(async http =>
        {
            var body = http.Request.BodyReader;
            while (await body.ReadAsync() is var read)
            {
                body.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }

            http.Response.ContentType = "application/json";
            http.Response.ContentLength = Answer.Length;
            Answer.CopyTo(http.Response.BodyWriter.GetSpan(Answer.Length));
            http.Response.BodyWriter.Advance(Answer.Length);
        });
        return app;
    }
}
