namespace SecureInference.Onnx.Tests.Canary;

/// <summary>The tests that have models tried run one after another: some look for all the processes that do.</summary>
[CollectionDefinition(Name)]
public sealed class TrialCollection
{
    public const string Name = "Trials of models in processes of their own";
}
