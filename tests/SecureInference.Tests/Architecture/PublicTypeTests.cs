using System.Reflection;

namespace SecureInference.Tests.Architecture;

public sealed class PublicTypeTests
{
    /// <summary>Public for a reason of their own, beside what every folder may show.</summary>
    private static readonly string[] Allowed =
    [
        // What a sink that users write is given.
        "AuditRecord", "AuditRecordKind", "AuditTensor",

        // Values of AuditOptions.
        "AuditDurability", "AuditPayloads", "AuditWhenFull", "AuditWhenTampered",

        // What a key store that users write is made of, and what makes its rows.
        "ApiKeyIssuer", "ApiKeyRow", "ApiKeySecret", "ApiKeySnapshot",

        // The bucket as the platform's rate limiter, for an app's own use.
        "TokenBucketLimiter",

        // A value of an option.
        "RequestCost",

        // A sample prints the key of its start.
        "DevelopmentKey",

        // A value of RedisOptions.
        "WhenUnavailable",
    ];

    [Fact]
    public void PublicTypes_AreAbstractionsOptionsExtensionsAndInterfacesOnly()
    {
        var others = SourceFolders.Core.GetExportedTypes().Where(static type => !MayBePublic(type));

        Assert.Empty(others);
    }

    [Theory]
    [InlineData("SecureInference.Onnx")]
    [InlineData("SecureInference.OpenTelemetry")]
    [InlineData("SecureInference.Aws")]
    [InlineData("SecureInference.Redis")]
    public void PublicTypes_OfPackagesBesideTheCore_AreExtensionsAndOptionsOnly(string name)
    {
        var others = Assembly.Load(name).GetExportedTypes().Where(static type => !MayBePublic(type));

        Assert.Empty(others);
    }

    [Fact]
    public void Classes_AreSealedOrStatic()
    {
        var open = SourceFolders.Types.Where(static type => type is { IsClass: true, IsSealed: false, IsAbstract: false } && !typeof(Delegate).IsAssignableFrom(type));

        Assert.All(open, static type => Assert.Contains(SourceFolders.Types, other => other.BaseType == type));
    }

    [Fact]
    public void Extensions_LiveWhereTheyNeedNoUsing()
    {
        var extensions = SourceFolders.Types.Where(static type => type.IsPublic && type.Name.EndsWith("BuilderExtensions", StringComparison.Ordinal));

        Assert.All(extensions, static type => Assert.Contains(type.Namespace, new[] { "Microsoft.Extensions.DependencyInjection", "Microsoft.AspNetCore.Builder" }));
    }

    private static bool MayBePublic(Type type) =>
        SourceFolders.Of(type) == "Abstractions"
        || type.IsInterface
        || type.Name.EndsWith("Options", StringComparison.Ordinal)
        || (type is { IsAbstract: true, IsSealed: true } && type.Name.EndsWith("Extensions", StringComparison.Ordinal))
        || Allowed.Contains(type.Name, StringComparer.Ordinal);
}
