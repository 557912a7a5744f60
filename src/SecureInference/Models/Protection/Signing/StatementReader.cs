using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;

namespace SecureInference.Models.Protection.Signing;

/// <summary>Reads what was signed. Only for bytes whose signature holds.</summary>
internal static class StatementReader
{
    public const string StatementType = "https://in-toto.io/Statement/v1";
    public const string PredicateType = "https://model_signing/signature/v1.0";
    public const string LegacyPredicateType = "https://model_signing/Digests/v0.1";
    private const int MaxShortText = 256;
    private static readonly string[] Members = ["_type", "subject", "predicateType", "predicate"];
    private static readonly string[] SubjectMembers = ["name", "digest"];
    private static readonly string[] DigestMembers = [SerializationRules.Algorithm];
    private static readonly string[] PredicateMembers = ["serialization", "resources"];

    /// <param name="payload">The bytes that are signed.</param>
    /// <param name="isLegacy">Whether they are of version 0.2.0.</param>
    /// <exception cref="SignatureRefusedException">It is no statement about a model, or contradicts itself.</exception>
    public static SignedManifest Read(ReadOnlySpan<byte> payload, bool isLegacy)
    {
        try
        {
            return Utf8.IsValid(payload) ? Read(new StrictJson(payload), payload.Length, isLegacy) : throw new JsonException("it is no UTF-8");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new SignatureRefusedException($"what it signs is no statement about a model ({JsonTrouble.Of(exception)}). Sign the model again", exception);
        }
    }

    private static SignedManifest Read(StrictJson json, int length, bool isLegacy)
    {
        var subjects = new ResourceReader(length);
        var resources = isLegacy ? subjects : new ResourceReader(length);
        SerializationRules? rules = null;
        var seen = default(SeenMembers);
        json.BeginObject();
        while (json.NextMember(Members, ref seen, out var name))
        {
            switch (name)
            {
                case 0:
                    Require(json.Text(MaxShortText), StatementType, "_type");
                    break;
                case 1:
                    ReadSubjects(ref json, subjects, isLegacy);
                    break;
                case 2:
                    Require(json.Text(MaxShortText), isLegacy ? LegacyPredicateType : PredicateType, "predicateType");
                    break;
                case 3 when isLegacy:
                    json.Skip();
                    break;
                case 3:
                    rules = ReadPredicate(ref json, resources);
                    break;
                default:
                    throw new JsonException("it has a member that statements do not have");
            }
        }

        json.End();
        return !seen.Has(0) || !seen.Has(1) || !seen.Has(2) || (rules is null && !isLegacy) ? throw new JsonException("it lacks _type, subject, predicateType or predicate")
            : ManifestRules.Create(isLegacy ? null : subjects, resources, rules ?? new SerializationRules(IsSharded: false, 0, []));
    }

    private static void ReadSubjects(ref StrictJson json, ResourceReader subjects, bool isLegacy)
    {
        json.BeginArray();
        while (json.NextElement())
        {
            if (!isLegacy && subjects.Names.Length != 0)
            {
                throw new JsonException("it is about more than one subject");
            }

            string? subject = null;
            byte[]? digest = null;
            var seen = default(SeenMembers);
            json.BeginObject();
            while (json.NextMember(SubjectMembers, ref seen, out var name))
            {
                switch (name)
                {
                    case 0:
                        subject = json.Text(ResourceName.MaxLength);
                        break;
                    case 1:
                        digest = ReadDigest(ref json);
                        break;
                    default:
                        json.Skip();
                        break;
                }
            }

            subjects.Add(subject ?? throw new JsonException("a subject lacks its name"), digest ?? throw new JsonException("a subject lacks its digest"));
        }
    }

    private static byte[]? ReadDigest(ref StrictJson json)
    {
        byte[]? digest = null;
        var seen = default(SeenMembers);
        json.BeginObject();
        while (json.NextMember(DigestMembers, ref seen, out var name))
        {
            if (name == 0)
            {
                ResourceReader.ReadDigest(ref json, digest = new byte[SHA256.HashSizeInBytes]);
            }
            else
            {
                json.Skip();
            }
        }

        return digest;
    }

    private static SerializationRules? ReadPredicate(ref StrictJson json, ResourceReader resources)
    {
        SerializationRules? rules = null;
        var seen = default(SeenMembers);
        json.BeginObject();
        while (json.NextMember(PredicateMembers, ref seen, out var name))
        {
            switch (name)
            {
                case 0:
                    rules = SerializationRules.Read(ref json);
                    break;
                case 1:
                    resources.Read(ref json);
                    break;
                default:
                    throw new JsonException("its predicate has a member that is not known");
            }
        }

        return seen.Has(1) ? rules : throw new JsonException("its predicate lacks the resources");
    }

    private static void Require(string found, string wanted, string member)
    {
        if (found != wanted)
        {
            throw new JsonException($"its {member} is not {wanted}");
        }
    }
}
