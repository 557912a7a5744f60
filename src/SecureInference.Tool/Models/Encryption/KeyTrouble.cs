namespace SecureInference.Tool.Models.Encryption;

/// <summary>Says what a key service said.</summary>
internal static class KeyTrouble
{
    /// <exception cref="RefusedException">A key service refused, or could not be asked.</exception>
    public static async Task RunAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (ModelLoadException refused)
        {
            throw new RefusedException($"A key cannot be used: {refused.Message.TrimEnd('.')}. Nothing was written.", refused);
        }
    }
}
