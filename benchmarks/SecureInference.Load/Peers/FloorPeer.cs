using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace SecureInference.Load.Peers;

/// <summary>Without guards, as the documentation of the platform and of ONNX Runtime shows it.</summary>
internal static class FloorPeer
{
    public static WebApplication Build()
    {
        var builder = PeerServer.Prepare(WebApplication.CreateBuilder());
        builder.Services.AddSingleton(OpenSession());
        var app = builder.Build();
        Map(app);
        return app;
    }

    public static InferenceSession OpenSession()
    {
        using var options = new Microsoft.ML.OnnxRuntime.SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        return new InferenceSession(PeerServer.ModelPath, options);
    }

    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder app) => app.MapPost(
        "/v2/models/{name}/infer",
        static (string name, InferenceSession session, FloorRequest request) =>
        {
            var input = request.Inputs[0];
            using var results = session.Run([NamedOnnxValue.CreateFromTensor(input.Name, new DenseTensor<float>(input.Data, input.Shape))]);
            var output = results[0];
            var values = (DenseTensor<float>)output.AsTensor<float>();
            return new FloorAnswer(name, [new FloorTensor(output.Name, "FP32", values.Dimensions.ToArray(), values.ToArray())]);
        });

    internal sealed record FloorRequest(FloorTensor[] Inputs);

    internal sealed record FloorTensor(string Name, string Datatype, int[] Shape, float[] Data);

    internal sealed record FloorAnswer([property: JsonPropertyName("model_name")] string ModelName, FloorTensor[] Outputs);
}
