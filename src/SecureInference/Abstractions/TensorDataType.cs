namespace SecureInference;

/// <summary>The element types of the Open Inference Protocol.</summary>
public enum TensorDataType
{
    /// <summary>BOOL: one byte, 0 or 1.</summary>
    Bool,

    /// <summary>INT8: one byte.</summary>
    Int8,

    /// <summary>INT16: two bytes.</summary>
    Int16,

    /// <summary>INT32: four bytes.</summary>
    Int32,

    /// <summary>INT64: eight bytes.</summary>
    Int64,

    /// <summary>UINT8: one byte.</summary>
    UInt8,

    /// <summary>UINT16: two bytes.</summary>
    UInt16,

    /// <summary>UINT32: four bytes.</summary>
    UInt32,

    /// <summary>UINT64: eight bytes.</summary>
    UInt64,

    /// <summary>FP16: IEEE 754 binary16; travels in binary form only.</summary>
    Float16,

    /// <summary>BF16: the upper half of a binary32; travels in binary form only.</summary>
    BFloat16,

    /// <summary>FP32: IEEE 754 binary32.</summary>
    Float32,

    /// <summary>FP64: IEEE 754 binary64.</summary>
    Float64,

    /// <summary>BYTES: strings of any length, UTF-8 where they are text.</summary>
    Bytes,
}
