namespace SecureInference.Protocol.Json;

/// <summary>Makes an element of a tensor of a JSON number.</summary>
internal interface IJsonElement<T>
    where T : unmanaged
{
    /// <returns><see langword="false"/> where the number is no such element, or is for the slower way to judge.</returns>
    static abstract bool TryRead(in JsonNumber number, out T element);
}
