using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SecureInference.Models.Protection.Encryption;
using SecureInference.Pipeline.Arrival;
using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Authentication.ApiKeys;
using SecureInference.Pipeline.Authentication.ClientCertificates;
using SecureInference.Pipeline.Authentication.Jwt;
using SecureInference.Pipeline.Authentication.Revocations;
using SecureInference.Pipeline.RateLimiting;
using SecureInference.Protocol;

namespace SecureInference.Hosting;

/// <summary>Finds names in the configuration that no option has: a misspelt limit must not mean no limit.</summary>
internal static class ConfigurationKeys
{
    private static readonly string[] OptionalBuckets = ["Bytes", "Total", "PerCaller"];

    /// <summary>Sections of packages that an app may have or not, and what adds them.</summary>
    private static readonly (string Name, string Package, string Call)[] Packages = [("AwsKms", "SecureInference.Aws", ".AddAwsKms()"), ("Redis", "SecureInference.Redis", ".AddRedis()")];

    /// <exception cref="OptionsValidationException">Something is misspelt or misshapen; the message names it all.</exception>
    public static void Require(IConfiguration section, IEnumerable<ConfigurationPart> parts)
    {
        var problems = Problems(section, parts).Select(static problem => problem.Text).ToArray();
        if (problems.Length != 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(SecureInferenceOptions), problems);
        }
    }

    /// <summary>Returns a copy of the section without what is wrong with it, so that the rest of it can be looked at too.</summary>
    public static IConfiguration Sound(IConfiguration section, IEnumerable<ConfigurationPart> parts)
    {
        var wrong = Problems(section, parts).Select(static problem => problem.Path).ToArray();
        var values = section.AsEnumerable(makePathsRelative: true).Where(value => !Array.Exists(wrong, path =>
            value.Key.Equals(path, StringComparison.OrdinalIgnoreCase) || value.Key.StartsWith(path + ":", StringComparison.OrdinalIgnoreCase)));
        return new ConfigurationBuilder().AddInMemoryCollection(values).Build();
    }

    public static IEnumerable<ConfigurationProblem> Problems(IConfiguration section, IEnumerable<ConfigurationPart> parts) =>
    [
        .. Unknown(typeof(SecureInferenceOptions), section, "", parts),
        .. parts.SelectMany(part => Unknown(part.Options, section.GetSection(part.Name), part.Name + ":")),
        .. Unknown<ArrivalOptions>(section.GetSection("Arrival"), "Arrival:"),
        .. Unknown<ConnectionOptions>(section.GetSection("Arrival:Connections"), "Arrival:Connections:"),
        .. Unknown<ApiKeyOptions>(section.GetSection("ApiKeys"), "ApiKeys:"),
        .. Unknown<ClientCertificateOptions>(section.GetSection("ClientCertificates"), "ClientCertificates:"),
        .. section["ClientCertificates:Scopes"] is "" // An empty list binds to nothing, which would stand for the default.
            ? [Problem("ClientCertificates:Scopes", "is empty. Write what AllowedSubjects may do, for example model:digits:infer, or remove it.")]
            : Array.Empty<ConfigurationProblem>(),
        .. UnknownInEach<ClientCertificateSubjectOptions>(section.GetSection("ClientCertificates:Subjects"), "ClientCertificates:Subjects:"),
        .. Unknown<JwtOptions>(section.GetSection("Jwt"), "Jwt:"),
        .. UnknownInEach<JwtIssuerOptions>(section.GetSection("Jwt:Issuers"), "Jwt:Issuers:"),
        .. Unknown<RevocationOptions>(section.GetSection("Revocations"), "Revocations:"),
        .. Unknown<RateLimitOptions>(section.GetSection("RateLimits"), "RateLimits:"),
        .. Unknown<CallerLimitOptions>(section.GetSection("RateLimits:Default"), "RateLimits:Default:"),
        .. Unknown<TokenBucketOptions>(section.GetSection("RateLimits:FailedAuthentication"), "RateLimits:FailedAuthentication:"),
        .. UnknownInEach<CallerLimitOptions>(section.GetSection("RateLimits:Tiers"), "RateLimits:Tiers:"),
        .. UnknownInEach<ModelLimitOptions>(section.GetSection("RateLimits:Models"), "RateLimits:Models:"),
        .. Buckets(section).SelectMany(static bucket => UnknownInBucket(bucket.Section, bucket.Path)),
        .. Unknown<AuditOptions>(section.GetSection("Audit"), "Audit:"),
        .. Unknown<ProtocolOptions>(section.GetSection("Protocol"), "Protocol:"),
        .. UnknownInEach<ModelOptions>(section.GetSection("Models"), "Models:"),
        .. section.GetSection("Models").GetChildren().SelectMany(static model => Unknown<CudaOptions>(model.GetSection("Cuda"), $"Models:{model.Key}:Cuda:")),
        .. section.GetSection("Models").GetChildren().SelectMany(static model => Unknown<AdmissionOptions>(model.GetSection("Admission"), $"Models:{model.Key}:Admission:")),
        .. section.GetSection("Models").GetChildren().SelectMany(static model => UnknownInContract(model.GetSection("Contract"), $"Models:{model.Key}:Contract:")),
    ];

    private static IEnumerable<ConfigurationProblem> UnknownInContract(IConfigurationSection contract, string path) =>
    [
        .. Unknown<ModelContractOptions>(contract, path),
        .. UnknownInEach<TensorContractOptions>(contract.GetSection("Inputs"), path + "Inputs:"),
        .. UnknownInEach<TensorContractOptions>(contract.GetSection("Outputs"), path + "Outputs:"),

        // What is empty binds to nothing, and would ask for nothing.
        .. contract.GetSection("Inputs").GetChildren().Concat(contract.GetSection("Outputs").GetChildren()).Where(static tensor => !tensor.GetChildren().Any() && string.IsNullOrEmpty(tensor.Value))
            .Select(tensor => Problem($"{path}{tensor.Path[(contract.Path.Length + 1)..]}", "is empty. Write DataType, Shape or both.")),
    ];

    /// <summary>Finds the buckets that are there only where they are configured.</summary>
    private static IEnumerable<(IConfigurationSection Section, string Path)> Buckets(IConfiguration section) =>
        from holder in section.GetSection("RateLimits:Tiers").GetChildren().Select(static tier => (Section: tier, Path: $"RateLimits:Tiers:{tier.Key}"))
            .Concat(section.GetSection("RateLimits:Models").GetChildren().Select(static model => (Section: model, Path: $"RateLimits:Models:{model.Key}")))
            .Append((Section: section.GetSection("RateLimits:Default"), Path: "RateLimits:Default"))
        from name in OptionalBuckets
        let bucket = holder.Section.GetSection(name)
        where bucket.Exists()
        select (bucket, $"{holder.Path}:{name}");

    // An empty section binds to nothing, which would stand for no limit.
    private static IEnumerable<ConfigurationProblem> UnknownInBucket(IConfigurationSection bucket, string path) => bucket.GetChildren().Any()
        ? Unknown<TokenBucketOptions>(bucket, path + ":")
        : [Problem(path, "is empty. Write TokenLimit and TokensPerPeriod, or remove it.")];

    private static IEnumerable<ConfigurationProblem> UnknownInEach<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(
        IConfigurationSection section, string path) =>
    [
        .. section.Value is { Length: > 0 } value
            ? [Problem(path.TrimEnd(':'), $"is '{value}'. Write a section with a section for each name.")]
            : Array.Empty<ConfigurationProblem>(),
        .. section.GetChildren().SelectMany(child => Unknown<T>(child, path + child.Key + ":")),
    ];

    private static IEnumerable<ConfigurationProblem> Unknown<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(
        IConfiguration section, string path) => Unknown(typeof(T), section, path);

    private static IEnumerable<ConfigurationProblem> Unknown(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] Type type,
        IConfiguration section,
        string path,
        IEnumerable<ConfigurationPart>? parts = null)
    {
        var known = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(static property => property.CanWrite).ToDictionary(static property => property.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var child in section.GetChildren())
        {
            if (parts?.Any(part => part.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase)) == true)
            {
                continue;
            }

            if (!known.TryGetValue(child.Key, out var property))
            {
                yield return path.Length == 0 && Array.Find(Packages, package => package.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase)) is { Name: not null } package
                    ? Problem(child.Key, $"is read by the package {package.Package}. Add the package, and write AddSecureInference(...){package.Call}; or remove the section.")
                    : Problem(path + child.Key, $"is not an option of this version. {(path.Length == 0 ? "The section" : path.TrimEnd(':'))} knows: {string.Join(", ", known.Keys)}.");
            }
            else if (Misshapen(property.PropertyType, child, path + child.Key) is { } problem)
            {
                yield return problem;
            }
        }

        // A value where a section belongs binds to nothing, silently.
        if (section is IConfigurationSection { Value.Length: > 0 } value)
        {
            // The value of a whole part may be a connection string, with a password in it.
            yield return Problem(path.TrimEnd(':'), $"is {(Array.Exists(Packages, package => package.Name.Equals(value.Key, StringComparison.OrdinalIgnoreCase)) ? "a value" : $"'{value.Value}'")}. Write a section with: {string.Join(", ", known.Keys)}.");
        }
    }

    /// <summary>Finds values that do not convert, and times that convert to something else than they say: "1" is a day.</summary>
    private static ConfigurationProblem? Unreadable(Type type, string? value, string path)
    {
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain == typeof(TimeSpan) && !(value.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out _))
            ? Problem(path, $"is '{value}'. Write hours, minutes and seconds, for example 00:00:01.")
            : (plain == typeof(int) && !int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
                || (plain == typeof(long) && !long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            ? Problem(path, $"is '{value}'. Write a whole number.")
            : plain == typeof(bool) && !bool.TryParse(value, out _)
            ? Problem(path, $"is '{value}'. Write true or false.")
            : plain.IsEnum && !Array.Exists(plain.GetEnumNames(), name => name.Equals(value, StringComparison.OrdinalIgnoreCase))
            ? Problem(path, $"is '{value}'. Write one of: {string.Join(", ", plain.GetEnumNames())}.")
            : null;
    }

    /// <summary>Finds a section where a value belongs, or a value where a list does: networks that bind to nothing must not mean any network.</summary>
    private static ConfigurationProblem? Misshapen(Type type, IConfigurationSection section, string path)
    {
        if (type == typeof(string) || type.IsValueType)
        {
            return section.GetChildren().Any() ? Problem(path, "is a section. Write one value.") : Unreadable(type, section.Value, path);
        }

        if (type != typeof(IList<string>) && type != typeof(IList<long>))
        {
            return null;
        }

        return section.Value is { Length: > 0 } value
            ? Problem(path, $"is '{value}'. Write a list: in JSON [ \"{value}\" ], elsewhere {path}:0.")
            : section.GetChildren().Select(element => Misshapen(type.GenericTypeArguments[0], element, $"{path}:{element.Key}")).FirstOrDefault(static problem => problem is not null);
    }

    private static ConfigurationProblem Problem(string path, string text) => new(path, IdentityText.Hide($"SecureInference:{path} {text}"));
}
