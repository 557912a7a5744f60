namespace SecureInference;

/// <summary>Knows whether a model answers.</summary>
internal interface IModelHealth
{
    /// <summary>Returns why the model answers no requests at the moment; it is asked at every probe.</summary>
    InferenceError? FindUnready();
}
