using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace SecureInference.Protocol;

/// <summary>Answers what the server and its models are.</summary>
internal sealed class MetadataEndpoints(IModelCatalog catalog, IOptions<ProtocolOptions> options)
{
    private static readonly string Version = typeof(MetadataEndpoints).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
    private readonly string _serverName = options.Value.ServerName;

    public async Task ServerAsync(HttpContext http) => await (await RecordAsync(http) is { } error
        ? ErrorResponse.WriteAsync(http, error)
        : JsonResponse.WriteAsync(http, StatusCodes.Status200OK, _serverName, static (json, name) =>
        {
            json.WriteString("name"u8, name);
            json.WriteString("version"u8, Version);
            json.WriteStartArray("extensions"u8);
            json.WriteStringValue("binary_tensor_data"u8);
            json.WriteStringValue("parameters"u8);
            json.WriteEndArray();
        }));

    public async Task ModelAsync(HttpContext http)
    {
        var error = ModelRoute.Find(http, catalog, out var lease);
        using (lease)
        {
            error ??= await RecordAsync(http);
            await (error is not null
                ? ErrorResponse.WriteAsync(http, error)
                : WriteAsync(http, lease.Model.Metadata, lease.Versions, InferenceContext.Get(http).Caller?.Scopes.Allows(InferenceOperation.Admin, model: null) == true));
        }
    }

    private static async ValueTask<InferenceError?> RecordAsync(HttpContext http)
    {
        var context = InferenceContext.Get(http);
        return await context.AllowAsync() ?? await context.ConcludeAsync(StatusCodes.Status200OK);
    }

    private static Task WriteAsync(HttpContext http, ModelMetadata model, IReadOnlyList<string> versions, bool isForAdmin) =>
        JsonResponse.WriteAsync(http, StatusCodes.Status200OK, (model, versions, isForAdmin), static (json, state) =>
        {
            var (metadata, versions, isForAdmin) = state;
            json.WriteString("name"u8, metadata.Name);
            json.WriteStartArray("versions"u8);
            foreach (var version in versions)
            {
                json.WriteStringValue(version);
            }

            json.WriteEndArray();
            json.WriteString("platform"u8, metadata.Platform);
            Write(json, "inputs"u8, metadata.Inputs);
            Write(json, "outputs"u8, metadata.Outputs);
            if (metadata.Device is { } device)
            {
                json.WriteStartObject("parameters"u8);
                json.WriteString("device"u8, device);
                json.WriteString("device_reason"u8, metadata.DeviceReason);
                json.WriteEndObject();
            }

            if (isForAdmin)
            {
                WriteProtection(json, metadata);
            }
        });

    // Which file it is, and who vouches for it, is for those who run the server.
    private static void WriteProtection(Utf8JsonWriter json, ModelMetadata metadata)
    {
        if (metadata is { Digest: { } digest, Protection: { } protection })
        {
            json.WriteStartObject("protection"u8);
            json.WriteString("digest"u8, digest);
            json.WriteString("signer"u8, protection.Signer);
            json.WriteBoolean("encrypted"u8, protection.IsEncrypted);
            json.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<TensorSpec> tensors)
    {
        json.WriteStartArray(name);
        foreach (var tensor in tensors)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, tensor.Name);
            json.WriteString("datatype"u8, tensor.DataType.ToProtocolName());
            json.WriteStartArray("shape"u8);
            foreach (var dimension in tensor.Shape)
            {
                json.WriteNumberValue(dimension);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
