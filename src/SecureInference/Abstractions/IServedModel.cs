namespace SecureInference;

/// <summary>An engine behind its checks and its queue. Disposing it lets the requests that are in it end, then frees the engine.</summary>
internal interface IServedModel : ICheckedModelRunner, IModelHealth, IAsyncDisposable;
