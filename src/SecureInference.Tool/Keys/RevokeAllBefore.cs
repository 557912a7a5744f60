using System.Text.Json;

namespace SecureInference.Tool.Keys;

/// <summary><c>keys revoke --before</c>: ends every secret that was made until an instant, which only ever moves forward.</summary>
internal sealed class RevokeAllBefore(ToolConsole console, KeyStore store)
{
    public async Task<int> RunAsync(string before, bool asJson, CancellationToken cancellationToken)
    {
        var now = store.Now;
        if (!KeyInstant.TryParse(before, now, out var instant, out var problem))
        {
            throw new WrongUsageException(problem);
        }

        IReadOnlyList<string> ended = [];
        await store.ChangeAsync(
            file =>
            {
                if (instant < file.RevokedBefore)
                {
                    throw new RefusedException(
                        $"All secrets that were made until {file.RevokedBefore:yyyy-MM-dd HH:mm:ss} UTC are revoked already, and stay so. Nothing was changed.");
                }

                ended = [.. file.Keys
                    .Where(row => KeyTimes.RevokedAt(row, file.RevokedBefore) is null && KeyTimes.RevokedAt(row, instant) is not null)
                    .Select(static row => row.Id)];
                return instant == file.RevokedBefore ? null : file with { RevokedBefore = instant };
            },
            makeIfMissing: false,
            cancellationToken);

        if (asJson)
        {
            console.WriteLine(JsonSerializer.Serialize(new RevokedKeys(instant.UtcDateTime, ended), KeysJson.Default.RevokedKeys));
        }
        else
        {
            console.WriteLine($"Every secret that was made until {instant:yyyy-MM-dd HH:mm:ss} UTC is revoked; {ended.Count} keys ended by it.");
            console.WriteLine("Running servers refuse them within a second. 'secure-inference keys rotate ID' gives a key a new secret.");
        }

        return ExitCode.Fine;
    }
}
