namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>What was found where a frame should begin.</summary>
internal enum FrameStatus
{
    Whole,

    /// <summary>The file ends here.</summary>
    End,

    /// <summary>The file ends within the frame.</summary>
    Short,

    /// <summary>It is no frame, or its checksum disagrees.</summary>
    Damaged,
}
