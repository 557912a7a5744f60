using System.IO.Compression;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace SecureInference.Protocol;

/// <summary>Chooses how an answer is compressed, where its caller asked for that.</summary>
internal static class ResponseEncoding
{
    /// <summary>Returns <c>gzip</c>, <c>deflate</c>, or <see langword="null"/>.</summary>
    public static string? Choose(StringValues acceptEncoding)
    {
        if (acceptEncoding.Count == 0 || !StringWithQualityHeaderValue.TryParseList(acceptEncoding, out var accepted))
        {
            return null;
        }

        return Accepts(accepted, "gzip") ? "gzip" : Accepts(accepted, "deflate") ? "deflate" : null;
    }

    public static Stream Compress(string encoding, Stream body) => encoding == "gzip"
        ? new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true)
        : new ZLibStream(body, CompressionLevel.Fastest, leaveOpen: true);

    private static bool Accepts(IList<StringWithQualityHeaderValue> accepted, string encoding)
    {
        foreach (var item in accepted)
        {
            if (item.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase))
            {
                return item.Quality is not 0;
            }
        }

        return false;
    }
}
