using SecureInference.Models.Protection.Files;
using SecureInference.Models.Protection.Signing;

namespace SecureInference.Tool.Models;

/// <summary>Turns what went wrong with a model's files into how the tool ends.</summary>
internal static class ModelTrouble
{
    public static async Task<T> ExplainAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (FileRefusedException refused)
        {
            throw new RefusedException(Sentence(refused.Message), refused);
        }
        catch (FileNotFoundException missing)
        {
            throw new FileTroubleException($"The file '{missing.FileName}' does not exist. Check the path.", missing);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw new FileTroubleException($"{broken.Message.TrimEnd('.')}. Nothing was changed.", broken);
        }
    }

    /// <exception cref="RefusedException">It was refused.</exception>
    public static T Explain<T>(string what, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SignatureRefusedException refused)
        {
            throw Refuse(what, refused);
        }
    }

    public static RefusedException Refuse(string what, SignatureRefusedException refused) => new($"{what} is refused: {refused.Message}.", refused);

    private static string Sentence(string text) => $"{char.ToUpperInvariant(text[0])}{text[1..]}.";
}
