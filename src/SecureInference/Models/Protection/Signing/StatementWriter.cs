using System.Buffers;
using System.Text.Json;

namespace SecureInference.Models.Protection.Signing;

/// <summary>Writes what is signed.</summary>
internal static class StatementWriter
{
    public static byte[] Write(string name, byte[] root, IReadOnlyList<ModelPiece> pieces, byte[][] hashes, IEnumerable<string> ignored, long? shardSize)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("_type"u8, StatementReader.StatementType);
            json.WriteStartArray("subject"u8);
            json.WriteStartObject();
            json.WriteString("name"u8, name);
            json.WriteStartObject("digest"u8);
            json.WriteString(SerializationRules.Algorithm, Convert.ToHexStringLower(root));
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteString("predicateType"u8, StatementReader.PredicateType);
            json.WriteStartObject("predicate"u8);
            WriteSerialization(json, ignored, shardSize);
            WriteResources(json, pieces, hashes);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static void WriteSerialization(Utf8JsonWriter json, IEnumerable<string> ignored, long? shardSize)
    {
        json.WriteStartObject("serialization"u8);
        json.WriteString("method"u8, shardSize is null ? "files" : "shards");
        json.WriteString("hash_type"u8, SerializationRules.Algorithm);
        if (shardSize is { } size)
        {
            json.WriteNumber("shard_size"u8, size);
        }

        json.WriteBoolean("allow_symlinks"u8, false);
        json.WriteStartArray("ignore_paths"u8);
        foreach (var path in ignored.Concat(ModelTree.DefaultIgnored).Distinct(StringComparer.Ordinal).Order(CodePointOrder.Instance))
        {
            json.WriteStringValue(path);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteResources(Utf8JsonWriter json, IReadOnlyList<ModelPiece> pieces, byte[][] hashes)
    {
        json.WriteStartArray("resources"u8);
        for (var index = 0; index < pieces.Count; index++)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, ModelSigning.ResourceOf(pieces[index].Piece));
            json.WriteString("algorithm"u8, SerializationRules.Algorithm);
            json.WriteString("digest"u8, Convert.ToHexStringLower(hashes[index]));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
