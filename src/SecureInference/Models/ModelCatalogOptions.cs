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

            foreach (var problem in Problems($"Models:{name}", options))
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<string> Problems(string path, ModelOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Path))
        {
            yield return $"{path}:Path is missing. Write the model's file, for example \"models/model.onnx\".";
        }

        foreach (var (property, value, least) in new (string, int?, int)[]
        {
            (nameof(ModelOptions.MaxBatchSize), options.MaxBatchSize, 1),
            (nameof(ModelOptions.Lanes), options.Lanes, 1),
            (nameof(ModelOptions.MaxQueueLength), options.MaxQueueLength, 0),
            (nameof(ModelOptions.MaxTensorElements), options.MaxTensorElements, 1),
            (nameof(ModelOptions.MaxBytesLength), options.MaxBytesLength, 4),
        })
        {
            if (value < least)
            {
                yield return $"{path}:{property} is {value}. Write at least {least}.";
            }
        }

        if (options.Timeout <= TimeSpan.Zero || options.Timeout > TimeSpan.FromDays(1))
        {
            yield return $"{path}:Timeout is {options.Timeout}. Write a time above zero, up to one day, for example 00:00:30.";
        }
    }
}
