using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace SecureInference;

/// <summary>Something that every HTTPS endpoint does unless the app says otherwise. The server keeps one such delegate: ours is composed of these.</summary>
internal interface IHttpsDefaults
{
    void Configure(HttpsConnectionAdapterOptions https);
}
