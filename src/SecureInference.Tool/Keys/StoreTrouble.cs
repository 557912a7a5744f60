namespace SecureInference.Tool.Keys;

/// <summary>Says what is wrong with a store's file, and what to do.</summary>
internal static class StoreTrouble
{
    public static bool Is(Exception exception) => exception is IOException or UnauthorizedAccessException or InvalidDataException;

    public static FileTroubleException Explain(string path, Exception exception) => new(
        exception switch
        {
            FileNotFoundException => $"The key store '{path}' does not exist. Check --store; 'secure-inference keys create' makes a store.",
            DirectoryNotFoundException => $"The folder of '{path}' does not exist. Make it, or check --store.",
            UnauthorizedAccessException when Directory.Exists(path) =>
                $"'{path}' is a folder, not a key store. Name a file in it, for example '{Path.Combine(path, "keys.json")}'.",
            InvalidDataException => $"{exception.Message} Nothing was changed.",
            _ => $"The key store '{path}' cannot be used: {exception.Message.TrimEnd('.')}. "
                + "Check --store, and that you may read and write the file and its folder.",
        },
        exception);
}
