using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Logging;
using SecureInference.Redis;

namespace SecureInference.OpenTelemetry.Tests;

public sealed class LogEventsTests
{
    private static readonly Assembly[] Packages = [typeof(Tensor).Assembly, Assembly.Load("SecureInference.Onnx"), typeof(RedisTelemetry).Assembly, Assembly.Load("SecureInference.OpenTelemetry")];

    private static readonly (MethodInfo Method, LoggerMessageAttribute Event)[] Events =
    [
        .. from package in Packages
           from type in package.GetTypes()
           from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
           let message = method.GetCustomAttribute<LoggerMessageAttribute>()
           where message is not null
           select (method, message),
    ];

    [Fact]
    public void Events_TheirIds_AreUnique()
    {
        var twice = Events.GroupBy(static one => one.Event.EventId).Where(static same => same.Count() > 1).Select(static same => same.Key);

        Assert.NotEmpty(Events);
        Assert.Empty(twice);
    }

    [Fact]
    public void Events_OfTheCodeAndOfTheDocs_AreTheSame()
    {
        var made = Events.Select(static one => $"{one.Event.EventId.ToString(CultureInfo.InvariantCulture)} {one.Event.Level.ToString().ToLowerInvariant()} {one.Method.Name}");

        var written = TelemetryPage.LogEvents.Select(static row => $"{row[0]} {row[1]} {row[2]}");
        Assert.Equal(written, made.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Events_OfEachPackage_HaveAThousandOfTheirOwn()
    {
        var ranges = Events.GroupBy(static one => one.Method.DeclaringType!.Assembly).Select(static package => package.Select(static one => one.Event.EventId / 1000).Distinct().ToArray()).ToArray();

        Assert.All(ranges, static range => Assert.Single(range));
        Assert.Equal(ranges.Length, ranges.Select(static range => range[0]).Distinct().Count());
    }

    [Fact]
    public void Events_WhatTheyCarry_IsNeverOfACaller()
    {
        var carried = Events.SelectMany(static one => one.Method.GetParameters()).Select(static parameter => parameter.Name ?? "");

        Assert.DoesNotContain(carried, static name => name is "caller" or "subject" or "key" or "token" or "secret" or "body" or "address" or "header" or "value");
    }
}
