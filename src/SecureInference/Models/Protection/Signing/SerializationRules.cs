using System.Text.Json;

namespace SecureInference.Models.Protection.Signing;

/// <summary>How a signer went through the model's files, as the signature says it.</summary>
internal sealed record SerializationRules(bool IsSharded, long ShardSize, IReadOnlyList<string> IgnoredPaths)
{
    public const string Algorithm = "sha256";
    private const int MaxIgnored = 1024;
    private const int MaxShortText = 64;
    private static readonly string[] Members = ["method", "hash_type", "shard_size", "allow_symlinks", "ignore_paths"];

    /// <exception cref="JsonException">It is none that is supported.</exception>
    public static SerializationRules Read(ref StrictJson json)
    {
        var method = "";
        var size = 0L;
        var ignored = new List<string>();
        var seen = default(SeenMembers);
        json.BeginObject();
        while (json.NextMember(Members, ref seen, out var name))
        {
            switch (name)
            {
                case 0:
                    method = json.Text(MaxShortText);
                    break;
                case 1:
                    RequireHash(json.Text(MaxShortText));
                    break;
                case 2:
                    size = json.WholeNumber();
                    break;
                case 3:
                    RequireNoLinks(json.Flag());
                    break;
                case 4:
                    ReadIgnored(ref json, ignored);
                    break;
                default:
                    throw new JsonException("its serialization has a member that is not known");
            }
        }

        var isSharded = method switch
        {
            "files" => false,
            "shards" => true,
            _ => throw new JsonException("its serialization method is neither files nor shards"),
        };
        return seen.Has(1) && seen.Has(3) && (isSharded ? size > 0 : !seen.Has(2))
            ? new SerializationRules(isSharded, size, ignored)
            : throw new JsonException("its serialization lacks hash_type, allow_symlinks or shard_size, or has a shard_size that does not belong there");
    }

    /// <summary>Says whether this is what a resource's digest may be called. The reference tool calls that of a shard by its size, too.</summary>
    public bool IsAlgorithm(string name) => name == Algorithm || (IsSharded && name == $"{Algorithm}-sharded-{ShardSize}");

    private static void RequireHash(string hash)
    {
        if (hash != Algorithm)
        {
            throw new JsonException(hash is "blake2b" or "blake3" ? $"it uses the hash {hash}, which is not supported: have the model signed with {Algorithm}" : $"it uses a hash that is not {Algorithm}");
        }
    }

    private static void RequireNoLinks(bool followsLinks)
    {
        if (followsLinks)
        {
            throw new JsonException("its signer followed symbolic links, which are refused here: have the model signed without");
        }
    }

    private static void ReadIgnored(ref StrictJson json, List<string> ignored)
    {
        json.BeginArray();
        while (json.NextElement())
        {
            ignored.Add(ignored.Count < MaxIgnored ? json.Text(ResourceName.MaxLength) : throw new JsonException($"it ignores more than {MaxIgnored} paths"));
        }
    }
}
