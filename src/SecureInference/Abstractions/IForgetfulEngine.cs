namespace SecureInference;

/// <summary>An engine that keeps nothing of a request or its answer once the run is over: both may serve again. An engine of the app's own may keep what it likes, and gets new ones each time.</summary>
internal interface IForgetfulEngine : IModelEngine;
