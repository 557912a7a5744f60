namespace SecureInference;

/// <summary>A model cannot be served; the message says why and what to do.</summary>
public sealed class ModelLoadException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public ModelLoadException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    public ModelLoadException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public ModelLoadException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
