using System.Data.Common;
using System.Text.Json;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.IntegrationTests.Keys;

// docs/api-keys.md shows what follows; a test holds the two together.
internal sealed class DatabaseKeyStore(DbDataSource database) : IApiKeyStore
{
    private long _version = -1;

    public async ValueTask<ApiKeySnapshot?> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT version FROM api_key_version";
        var version = Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken));
        if (version == _version)
        {
            return null;
        }

        var rows = new List<ApiKeyRow>();
        command.CommandText = "SELECT row FROM api_key";
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(JsonSerializer.Deserialize<ApiKeyRow>(reader.GetString(0))!);
            }
        }

        _version = version;
        return new ApiKeySnapshot(rows);
    }
}
