using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureInference.Hosting;
using SecureInference.Tests.Architecture;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Hosting;

public sealed class EndpointTableTests
{
    private const int Logged = 1002;

    [Fact]
    public async Task Table_InTheDocs_IsTheOneOfTheEndpointsThemselves()
    {
        await using var app = await GuardedApp.StartAsync();
        var lines = string.Join('\n', EndpointTable.Read(EndpointsOf(app)).Select(static line =>
            $"| `{line.Path}` | {line.Verbs} | {line.Operation} | {(line.Demands.Contains(':', StringComparison.Ordinal) ? $"`{line.Demands}`" : line.Demands)} |"));

        var docs = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "request-path.md"), TestContext.Current.CancellationToken);

        // To the line after it, so that no line is left of an endpoint that has gone.
        var table = $"| path | verb | operation | demands |\n| --- | --- | --- | --- |\n{lines}\n\n";
        Assert.True(docs.Contains(table, StringComparison.Ordinal), $"The table in docs/request-path.md must read:\n\n{table}");
    }

    [Fact]
    public async Task Start_GuardedEndpoints_LogsTheTableOnce()
    {
        await using var app = await GuardedApp.StartAsync(use: static app =>
        {
            app.UseSecureInference();
            app.MapGet("open", static () => "ran");
            app.MapMethods("/own/{id}", ["GET", "PUT"], static () => "ran").RequireInferenceGuards("m", "read");
            app.Map("/own/admin", static () => "ran").RequireInferenceGuards("m", "admin");
            app.MapPost("/own/infer", static () => "ran").RequireInferenceGuards("m");
            app.MapGet("/theirs", static () => "ran").RequireAuthorization();
            app.MapGet("/theirs/open", static () => "ran").RequireAuthorization().AllowAnonymous();
        });

        var (level, _, message) = Assert.Single(app.Log.Entries, static entry => entry.EventId == Logged);

        Assert.Equal(LogLevel.Information, level);
        Assert.Equal(
            """
            What each endpoint demands of its caller:
              verb      path          operation  demands
              GET, PUT  /own/{id}     read       model:m:read
              any       /own/admin    admin      admin
              POST      /own/infer    infer      model:m:infer
              GET       /open         -          not guarded
              GET       /theirs       -          not guarded, but authorized by the app
              GET       /theirs/open  -          not guarded
            """.ReplaceLineEndings(),
            message.TrimEnd());
    }

    [Fact]
    public async Task Start_NoGuardedEndpoint_LogsNoTable()
    {
        await using var app = await GuardedApp.StartAsync(use: static app =>
        {
            app.UseInferenceAuthentication();
            app.MapGet("/own", static () => "ran");
        });

        Assert.DoesNotContain(app.Log.Entries, static entry => entry.EventId == Logged);
    }

    [Fact]
    public async Task Format_ManyUnguardedEndpoints_ShowsSomeAndCountsTheRest()
    {
        await using var app = await GuardedApp.StartAsync(use: static app =>
        {
            app.UseSecureInference();
            for (var page = 0; page < 25; page++)
            {
                app.MapGet($"/page/{page}", static () => "ran");
            }

            app.MapSecureInference();
        });
        var table = EndpointTable.Read(EndpointsOf(app));

        var lines = EndpointTable.Format(table).Split(Environment.NewLine);

        Assert.Equal(25, table.Count(static line => !line.IsGuarded));
        Assert.Equal(20, lines.Count(static line => line.EndsWith("-          not guarded", StringComparison.Ordinal)));
        Assert.Equal("  and 5 more that are not guarded", lines[^1]);
        Assert.All(table.Where(static line => line.IsGuarded), line => Assert.Contains(lines, shown => shown.Contains($" {line.Path} ", StringComparison.Ordinal)));
    }

    private static IReadOnlyList<Microsoft.AspNetCore.Http.Endpoint> EndpointsOf(GuardedApp app) => app.Services.GetRequiredService<EndpointDataSource>().Endpoints;
}
