using System.Runtime.InteropServices;
using System.Text;

namespace SecureInference.IntegrationTests.Batching;

/// <summary>What came on a <see cref="HangUpWire"/>; valid until the next answer comes there.</summary>
internal readonly record struct HangUpAnswer(int Status, bool IsLast, ReadOnlyMemory<byte> Body, int JsonLength)
{
    /// <summary>Gets the values of all outputs, one after the other.</summary>
    public ReadOnlySpan<float> Outputs => MemoryMarshal.Cast<byte, float>(Body.Span[JsonLength..]);

    public string Text => Encoding.UTF8.GetString(Body.Span[..Math.Min(Body.Length, 400)]);
}
