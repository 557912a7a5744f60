using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace SecureInference;

/// <summary>What a caller may do: rights per model, and administration.</summary>
public sealed class ScopeSet
{
    private const string Any = "*";
    private const string Administration = "admin";
    private readonly FrozenDictionary<string, Rights> _models;
    private readonly Rights _everyModel;
    private readonly bool _admin;

    private ScopeSet(IReadOnlyList<string> scopes, Dictionary<string, Rights> models, bool admin)
    {
        Scopes = scopes;
        _everyModel = models.GetValueOrDefault(Any);
        _models = models.ToFrozenDictionary(StringComparer.Ordinal);
        _admin = admin;
    }

    [Flags]
    private enum Rights
    {
        None = 0,
        Read = 1,
        Infer = 2,
    }

    /// <summary>Gets the scopes as they were granted.</summary>
    public IReadOnlyList<string> Scopes { get; }

    /// <summary>Reads scopes: <c>model:NAME:infer</c>, <c>model:NAME:read</c>, where NAME may be <c>*</c>, and <c>admin</c>.</summary>
    /// <param name="scopes">The scopes.</param>
    /// <param name="set">The set.</param>
    /// <param name="problem">What is wrong with a scope, and how it should read.</param>
    /// <returns><see langword="false"/> where a scope is malformed.</returns>
    public static bool TryParse(
        IEnumerable<string> scopes, [NotNullWhen(true)] out ScopeSet? set, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        var list = scopes.ToArray();
        var models = new Dictionary<string, Rights>(StringComparer.Ordinal);
        var admin = false;
        foreach (var scope in list)
        {
            if (scope == Administration)
            {
                admin = true;
            }
            else if (TryParseModelScope(scope, out var model, out var rights))
            {
                models[model] = models.GetValueOrDefault(model) | rights;
            }
            else
            {
                set = null;
                problem = $"'{scope}' is not a scope. Write model:NAME:infer, model:NAME:read (NAME may be *), or admin.";
                return false;
            }
        }

        set = new ScopeSet(list, models, admin);
        problem = null;
        return true;
    }

    /// <summary>Says whether a text is a scope of ours.</summary>
    internal static bool IsScope(string scope) => scope == Administration || TryParseModelScope(scope, out _, out _);

    /// <summary>Says whether the model may be known to exist: any scope on it is enough.</summary>
    /// <param name="model">The model's name.</param>
    /// <returns>Whether it is visible.</returns>
    public bool Sees(string model) => RightsOn(model) != Rights.None;

    /// <summary>Says whether an operation is allowed.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="model">The model it is done on, where it is done on one.</param>
    /// <returns>Whether it is allowed.</returns>
    public bool Allows(InferenceOperation operation, string? model) => operation switch
    {
        InferenceOperation.Health or InferenceOperation.Discover => true,
        InferenceOperation.Read => model is not null && RightsOn(model) != Rights.None,
        InferenceOperation.Infer => model is not null && RightsOn(model).HasFlag(Rights.Infer),
        InferenceOperation.Admin => _admin,
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    };

    private static bool TryParseModelScope(string scope, out string model, out Rights rights)
    {
        var parts = scope.Split(':');
        model = parts.Length == 3 ? parts[1] : "";
        rights = parts.Length == 3 ? parts[2] switch { "infer" => Rights.Infer, "read" => Rights.Read, _ => Rights.None } : Rights.None;
        return parts[0] == "model" && rights != Rights.None && (model == Any || ModelName.IsValid(model));
    }

    private Rights RightsOn(string model) => _everyModel | _models.GetValueOrDefault(model);
}
