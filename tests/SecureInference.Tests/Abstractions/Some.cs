using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Abstractions;

/// <summary>Requests, callers and parts for tests that do not care which.</summary>
internal static class Some
{
    /// <summary>A request without an app around it, whose answer <see cref="BodyOf"/> reads.</summary>
    public static DefaultHttpContext Request(string? address = null, InferenceEndpointMetadata? demands = null)
    {
        var http = new DefaultHttpContext { RequestServices = Services() };
        http.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
        http.Request.Protocol = "HTTP/1.1";
        http.Response.Body = new MemoryStream();
        if (demands is not null)
        {
            http.SetEndpoint(Endpoint(demands));
        }

        return http;
    }

    public static Endpoint Endpoint(params object[] metadata) =>
        new(static _ => Task.CompletedTask, new EndpointMetadataCollection(metadata), "test");

    public static JsonElement BodyOf(HttpContext http) =>
        JsonDocument.Parse(((MemoryStream)http.Response.Body).ToArray()).RootElement.Clone();

    public static ScopeSet Scopes(params string[] scopes) =>
        ScopeSet.TryParse(scopes, out var set, out var problem) ? set : throw new ArgumentException(problem);

    public static Caller Caller(string subject = "shop", string? tier = null, params string[] scopes) =>
        new(subject, "ApiKey", Scopes(scopes), new CallerState(subject)) { Tier = tier };

    /// <summary>A part made of metrics, logs and what is given.</summary>
    public static T Part<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(params object[] parts) =>
        ActivatorUtilities.CreateInstance<T>(Services(), parts);

    public static T LoggingPart<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(CollectedLog log, params object[] parts) =>
        ActivatorUtilities.CreateInstance<T>(Services(log), parts);

    private static ServiceProvider Services(CollectedLog? log = null)
    {
        var services = new ServiceCollection().AddMetrics().AddLogging().AddSingleton(TimeProvider.System);
        if (log is not null)
        {
            services.AddLogging(logging => logging.AddProvider(log));
        }

        return services.BuildServiceProvider();
    }
}
