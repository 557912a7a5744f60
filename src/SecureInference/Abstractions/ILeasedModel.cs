namespace SecureInference;

/// <summary>One loaded version of a model, which is not freed while anybody holds it.</summary>
internal interface ILeasedModel : ICheckedModelRunner, IModelHealth
{
    /// <summary>Ends one lease.</summary>
    void Release();
}
