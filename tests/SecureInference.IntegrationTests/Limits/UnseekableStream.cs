using System.Text;

namespace SecureInference.IntegrationTests.Limits;

/// <summary>A body whose length nobody knows beforehand: it goes out in chunks.</summary>
internal sealed class UnseekableStream(string text) : MemoryStream(Encoding.UTF8.GetBytes(text))
{
    public override bool CanSeek => false;
}
