namespace SecureInference.Onnx.Admission.Reading;

/// <summary>What a field holds.</summary>
internal enum FieldContent
{
    /// <summary>Nothing known.</summary>
    None,

    /// <summary>A number; several may be packed.</summary>
    Varint,

    /// <summary>Four bytes; several may be packed.</summary>
    Fixed32,

    /// <summary>Eight bytes; several may be packed.</summary>
    Fixed64,

    /// <summary>A name: UTF-8, and short.</summary>
    Name,

    /// <summary>Documentation or metadata, which nothing reads.</summary>
    Text,

    /// <summary>A string that need not be UTF-8.</summary>
    Value,

    /// <summary>The data of a tensor.</summary>
    Data,

    /// <summary>A message.</summary>
    Message,
}
