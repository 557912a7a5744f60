namespace SecureInference.Models;

/// <summary>The models that configuration lists.</summary>
internal sealed class ModelCatalogOptions(IDictionary<string, ModelOptions> models)
{
    public IDictionary<string, ModelOptions> Models => models;

    public IEnumerable<string> Problems()
    {
        foreach (var (name, options) in models)
        {
            if (!ModelName.IsValid(name))
            {
                yield return $"Models has '{name}'. A model's name is {ModelName.Rule}.";
            }

            foreach (var problem in options.Problems($"Models:{name}"))
            {
                yield return problem;
            }
        }
    }
}
