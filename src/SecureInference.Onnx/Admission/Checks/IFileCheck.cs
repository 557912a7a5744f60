using SecureInference.Onnx.Admission.Reading;
using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Checks;

/// <summary>Looks at each part of a model in turn.</summary>
internal interface IFileCheck
{
    /// <summary>Looks at a node; its graphs and tensors follow.</summary>
    void Check(in NodeView node)
    {
    }

    /// <summary>Looks at a tensor.</summary>
    void Check(in TensorView tensor, in TensorSite site)
    {
    }

    /// <summary>Looks at a sparse tensor; the tensors that it is made of follow.</summary>
    void CheckSparse(ReadOnlySpan<byte> file, Slice message, in TensorSite site)
    {
    }

    /// <summary>Looks at what the parts are together.</summary>
    void Finish()
    {
    }
}
