using System.Diagnostics.CodeAnalysis;

namespace SecureInference.TestSupport.Onnx;

/// <summary>The element types of a tensor, under their numbers in onnx.proto.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The names are those of the ONNX specification.")]
public enum OnnxType
{
    Undefined = 0,
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    UInt32 = 12,
    UInt64 = 13,
    BFloat16 = 16,

    // ONNX Runtime for .NET loads no model that takes or gives one of these.
    Complex64 = 14,
    Complex128 = 15,
    Float8E4M3FN = 17,
    UInt4 = 21,
    Int4 = 22,
}
