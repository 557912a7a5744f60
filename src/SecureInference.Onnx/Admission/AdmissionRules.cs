using static SecureInference.Onnx.Admission.RuleWeight;

namespace SecureInference.Onnx.Admission;

/// <summary>All rules, in the order of the file's layers.</summary>
internal static class AdmissionRules
{
    private const string Rebuild = "Export the model again with a current exporter, or copy the file again";

    private const string OtherModel = "Put the file there that is meant, or correct Contract, beside Admission";

    public static readonly AdmissionRule FileSize = new("ONNX-A1", "The file is larger than the limit.", "Raise MaxModelBytes, if you know the file", Always);

    public static readonly AdmissionRule NotOnnx = new("ONNX-B1", "The file is not an ONNX model.", "Name an ONNX file", Always);
    public static readonly AdmissionRule Damaged = new("ONNX-B2", "The file is cut off, damaged, or not written as protobuf is.", Rebuild, Always);
    public static readonly AdmissionRule MessageDepth = new("ONNX-B3", "Messages are nested deeper than 64.", "No exporter writes this: do not use the file", Always);
    public static readonly AdmissionRule TwiceInMessage = new("ONNX-B4", "A field stands twice where it may stand once, so that two parsers read two models.", "No exporter writes this: do not use the file", Always);
    public static readonly AdmissionRule BadName = new("ONNX-B5", "A name is not UTF-8, holds a NUL, or is longer than the limit.", "Export the model with plain names, or raise MaxNameBytes", Always);
    public static readonly AdmissionRule TooMuchText = new("ONNX-B6", "Documentation and metadata are longer than the limit.", "Export the model without them, or raise MaxTextBytes", Always);
    public static readonly AdmissionRule TooMany = new("ONNX-B7", "There are more nodes, initializers, functions or operator sets than the limit.", "Raise MaxNodes, MaxInitializers or MaxFunctions, if you know the file", Always);
    public static readonly AdmissionRule BadHeader = new("ONNX-B8", "The graph, the version of the format or the operator sets are missing, doubled or out of range.", Rebuild, Always);
    public static readonly AdmissionRule UnknownField = new("ONNX-B9", "The file has a field that this version of the format does not know.", "Export the model without it, or add ONNX-B9 to DisabledRules", StrictOnly);

    public static readonly AdmissionRule UnknownDomain = new("ONNX-C1", "An operator is of a domain that is not allowed.", "Export the model with standard operators, or add the domain to AllowedDomains", Both);
    public static readonly AdmissionRule UnknownOperator = new("ONNX-C2", "An operator is not in the standard.", "Export the model with standard operators, or add the operator to AllowedOperators", Both);
    public static readonly AdmissionRule ForbiddenOperator = new("ONNX-C3", "An operator runs foreign code or opens files: PyOp, ATen, EPContext, custom operators.", "Export the model without it; nothing allows it", Always);
    public static readonly AdmissionRule Training = new("ONNX-C4", "The file holds training information.", "Export the model for inference", Both);

    public static readonly AdmissionRule ControlFlow = new("ONNX-D1", "The model has control flow: If, Loop, Scan or SequenceMap.", "Export the model without it, or set Policy to Standard, or add ONNX-D1 to DisabledRules", StrictOnly);
    public static readonly AdmissionRule UnboundedLoop = new("ONNX-D2", "A loop has no constant number of rounds, or more than the limit.", "Raise MaxLoopRounds, or add ONNX-D2 to DisabledRules: then MaxRunTime alone ends a run", Both);
    public static readonly AdmissionRule ControlFlowDepth = new("ONNX-D3", "Control flow is nested deeper than the limit.", "Raise MaxControlFlowDepth, if you know the file", Always);

    public static readonly AdmissionRule FunctionCycle = new("ONNX-E1", "A function calls itself.", "No exporter writes this: do not use the file", Always);
    public static readonly AdmissionRule FunctionDepth = new("ONNX-E2", "Functions call each other deeper than the limit.", "Export the model with its functions inlined, or raise MaxFunctionDepth", Always);
    public static readonly AdmissionRule FunctionSize = new("ONNX-E3", "The graph is larger than the limit once functions are expanded.", "Raise MaxNodes, if you know the file", Always);
    public static readonly AdmissionRule FunctionName = new("ONNX-E4", "A function takes the name of a standard operator, or of another function.", "Rename the function", Always);

    public static readonly AdmissionRule TensorShape = new("ONNX-F1", "A tensor has a negative dimension, too many dimensions, or more elements than can be counted.", Rebuild, Always);
    public static readonly AdmissionRule TensorData = new("ONNX-F2", "A tensor's data is longer or shorter than its shape says.", Rebuild, Always);
    public static readonly AdmissionRule TensorType = new("ONNX-F3", "A tensor's element type is unknown, or its data is in the field of another type.", Rebuild, Always);
    public static readonly AdmissionRule SparseTensor = new("ONNX-F4", "The model has a sparse tensor, which takes the memory of the dense one.", "Export the model with dense tensors, or set Policy to Standard, or add ONNX-F4 to DisabledRules", StrictOnly);
    public static readonly AdmissionRule SparseContent = new("ONNX-F5", "A sparse tensor is larger than the limit, or its indices are not in order and in range.", "Export the model with dense tensors, or raise MaxSparseBytes", Always);
    public static readonly AdmissionRule StringTensors = new("ONNX-F6", "The strings of constant tensors take more memory than the limit.", "Raise MaxStringTensorBytes, if you know the file", Always);

    public static readonly AdmissionRule ExternalLocation = new("ONNX-G1", "External data is named by a path that leaves the model's folder, or by an address in memory.", "Save the model with its data in the same folder, under a plain name", Always);
    public static readonly AdmissionRule ExternalFile = new("ONNX-G2", "External data is in a file that the model's signature does not list.", "Sign the model's folder with 'secure-inference model sign', so that the file is listed, or save the model with its data inside", Always);
    public static readonly AdmissionRule ExternalKeys = new("ONNX-G3", "External data has an unknown, doubled or missing entry.", Rebuild, Always);
    public static readonly AdmissionRule ExternalRange = new("ONNX-G4", "External data lies outside its file, is not of the tensor's size, or overlaps another tensor's.", Rebuild, Always);
    public static readonly AdmissionRule ExternalPlace = new("ONNX-G5", "External data is used elsewhere than in an initializer of the main graph.", "Save the model with this tensor inside", Always);

    public static readonly AdmissionRule ConstantSize = new("ONNX-H1", "Constants alone make a tensor that is larger than the limit.", "Raise MaxConstantBytes, if you know the file", Both);
    public static readonly AdmissionRule Unbounded = new("ONNX-H2", "An operator that multiplies gets its size from a request's values, or from what cannot be followed.", "Export the model with fixed sizes, or set Policy to Standard, or add ONNX-H2 to DisabledRules: then MaxRunTime alone bounds it", StrictOnly);
    public static readonly AdmissionRule Amplification = new("ONNX-H3", "An operator makes many times more than the request and the file hold.", "Raise MaxAmplification, or lower the model's MaxBatchSize or MaxTensorElements", Both);
    public static readonly AdmissionRule RunMemory = new("ONNX-H4", "The largest run takes more memory than the limit.", "Lower the model's MaxBatchSize or MaxTensorElements, or raise MaxRunBytes", Both);
    public static readonly AdmissionRule RunFlops = new("ONNX-H5", "The largest run computes more than the limit.", "Lower the model's MaxBatchSize or MaxTensorElements, or raise MaxRunFlops", Both);

    public static readonly AdmissionRule DoubledName = new("ONNX-I1", "Two inputs, initializers or outputs, or the outputs of two nodes, have one name.", Rebuild, Always);
    public static readonly AdmissionRule UndefinedName = new("ONNX-I2", "A value is used that nothing before it defines.", Rebuild, Always);

    public static readonly AdmissionRule ContractNames = new("ONNX-I3", "The model has other inputs or outputs than its contract.", OtherModel, Always);
    public static readonly AdmissionRule ContractType = new("ONNX-I4", "An input or output holds elements of another type than the contract says.", OtherModel, Always);
    public static readonly AdmissionRule ContractShape = new("ONNX-I5", "An input or output has other dimensions than the contract says, or larger ones.", OtherModel, Always);

    public static readonly AdmissionRule Urls = new("ONNX-J1", "Documentation or metadata name an address or a script.", "Nothing reads them; look at what they say", Never);
    public static readonly AdmissionRule Backdoor = new("ONNX-J2", "The model takes another way where its input has a certain value, as a hidden trigger would.", "Ask the publisher what the condition is for", Never);

    /// <summary>Gets all rules by their names.</summary>
    public static IReadOnlyDictionary<string, AdmissionRule> All { get; } = new[]
    {
        FileSize, NotOnnx, Damaged, MessageDepth, TwiceInMessage, BadName, TooMuchText, TooMany, BadHeader, UnknownField, UnknownDomain, UnknownOperator, ForbiddenOperator, Training,
        ControlFlow, UnboundedLoop, ControlFlowDepth, FunctionCycle, FunctionDepth, FunctionSize, FunctionName, TensorShape, TensorData, TensorType, SparseTensor, SparseContent, StringTensors,
        ExternalLocation, ExternalFile, ExternalKeys, ExternalRange, ExternalPlace, ConstantSize, Unbounded, Amplification, RunMemory, RunFlops, DoubledName, UndefinedName,
        ContractNames, ContractType, ContractShape, Urls, Backdoor,
    }.ToDictionary(static rule => rule.Id, StringComparer.OrdinalIgnoreCase);
}
