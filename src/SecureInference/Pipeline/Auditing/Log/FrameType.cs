namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>What a frame holds.</summary>
internal enum FrameType
{
    Record = 0,
    Checkpoint = 1,
    Footer = 3,
}
