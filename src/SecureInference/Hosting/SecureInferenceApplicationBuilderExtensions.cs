using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SecureInference;
using SecureInference.Hosting;
using SecureInference.Pipeline.Arrival;
using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Authentication;
using SecureInference.Pipeline.Authorization;
using SecureInference.Pipeline.RateLimiting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Puts the guards before an app's endpoints.</summary>
public static class SecureInferenceApplicationBuilderExtensions
{
    private const string WholeKey = "SecureInference.Whole";
    private const string AuthenticationKey = "__AuthenticationMiddlewareSet";
    private const string AuthorizationKey = "__AuthorizationMiddlewareSet";

    /// <summary>Adds all the guards, in their order, before the endpoints that are guarded; other endpoints pass them by.</summary>
    /// <param name="app">The app.</param>
    /// <param name="configure">Adds stages of the app's own between the guards.</param>
    /// <returns>The app.</returns>
    /// <exception cref="InvalidOperationException">A guard was added before, or <c>AddSecureInference()</c> was not called.</exception>
    public static IApplicationBuilder UseSecureInference(this IApplicationBuilder app, Action<SecureInferencePipelineOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        RequireAdded(app, nameof(UseSecureInference));
        app.ApplicationServices.GetRequiredService<AppEndpoints>().Remember(app);
        var options = new SecureInferencePipelineOptions();
        configure?.Invoke(options);
        if (!app.Properties.TryAdd(WholeKey, true))
        {
            throw new InvalidOperationException("UseSecureInference() is called twice. Call it once: it is all the guards.");
        }

        SecureInferencePipeline.Add(app, InferenceStage.Arrival);
        app.Use(next =>
        {
            var branch = app.New();
            branch.Properties.Remove(SecureInferencePipeline.StageKey);
            SecureInferencePipeline.Compose(branch, options);
            branch.Run(next);
            var guarded = branch.Build();
            return http => http.GetEndpoint()?.Metadata.GetMetadata<InferenceEndpointMetadata>() is null ? next(http) : guarded(http);
        });
        app.Properties[SecureInferencePipeline.StageKey] = InferenceStage.RateLimiting;
        PlacePlatformAuthorization(app);
        return app;
    }

    /// <summary>Adds the first guard: is the road safe?</summary>
    /// <param name="app">The app.</param>
    /// <returns>The app.</returns>
    public static IApplicationBuilder UseInferenceArrival(this IApplicationBuilder app) =>
        Use<ArrivalMiddleware>(app, InferenceStage.Arrival);

    /// <summary>Adds the record of what is asked, decided and answered.</summary>
    /// <param name="app">The app.</param>
    /// <returns>The app.</returns>
    public static IApplicationBuilder UseInferenceAuditing(this IApplicationBuilder app) =>
        Use<AuditingMiddleware>(app, InferenceStage.Auditing);

    /// <summary>Adds the guard that asks: who is this? Alone, it lets nobody through whom it does not know.</summary>
    /// <param name="app">The app.</param>
    /// <returns>The app.</returns>
    public static IApplicationBuilder UseInferenceAuthentication(this IApplicationBuilder app) =>
        Use<AuthenticationMiddleware>(app, InferenceStage.Authentication);

    /// <summary>Adds the guard that asks: may they use this? It looks at endpoints that say what they demand.</summary>
    /// <param name="app">The app.</param>
    /// <returns>The app.</returns>
    public static IApplicationBuilder UseInferenceAuthorization(this IApplicationBuilder app) =>
        Use<AuthorizationMiddleware>(app, InferenceStage.Authorization);

    /// <summary>Adds the guard that asks: may they use it now? Callers who are not known share a limit by network.</summary>
    /// <param name="app">The app.</param>
    /// <returns>The app.</returns>
    public static IApplicationBuilder UseInferenceRateLimiting(this IApplicationBuilder app) =>
        Use<RateLimitingMiddleware>(app, InferenceStage.RateLimiting);

    private static IApplicationBuilder Use<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicMethods)] TMiddleware>(
        IApplicationBuilder app, InferenceStage stage)
    {
        ArgumentNullException.ThrowIfNull(app);
        RequireAdded(app, $"UseInference{stage}");
        app.ApplicationServices.GetRequiredService<AppEndpoints>().Remember(app);
        SecureInferencePipeline.Add(app, stage);
        return app.UseMiddleware<TMiddleware>();
    }

    private static void RequireAdded(IApplicationBuilder app, string method)
    {
        if (app.ApplicationServices.GetService<DrainState>() is null)
        {
            throw new InvalidOperationException($"{method}() is called, but nothing is added. Call builder.Services.AddSecureInference() first.");
        }
    }

    /// <summary>Places the platform's middleware after the guards: where an app registers its services, the web host would place it before them.</summary>
    private static void PlacePlatformAuthorization(IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetService<Authentication.IAuthenticationSchemeProvider>() is not null
            && !app.Properties.ContainsKey(AuthenticationKey))
        {
            // Not for guarded endpoints: its default scheme would put another user in the caller's place.
            app.Properties[AuthenticationKey] = true;
            app.UseWhen(
                static http => http.GetEndpoint()?.Metadata.GetMetadata<InferenceEndpointMetadata>() is null, static branch => branch.UseAuthentication());
        }

        if (app.ApplicationServices.GetService<Authorization.IAuthorizationHandlerProvider>() is not null && !app.Properties.ContainsKey(AuthorizationKey))
        {
            app.UseAuthorization();
        }
    }
}
