using System.Collections.Frozen;
using System.Text;

namespace SecureInference.Onnx.Admission.Checks;

/// <summary>The operators of the ONNX standard, up to operator set 24 of the main domain and 5 of <c>ai.onnx.ml</c>.</summary>
internal static class StandardOperators
{
    private const int LongestName = 64;

    private static readonly FrozenSet<string> Main = ToSet("""
        Abs Acos Acosh Add AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh Attention AveragePool BatchNormalization Bernoulli BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor
        BlackmanWindow Cast CastLike Ceil Celu CenterCropPad Clip Col2Im Compress Concat ConcatFromSequence Constant ConstantOfShape Conv ConvInteger ConvTranspose Cos Cosh CumProd CumSum
        DFT DeformConv DepthToSpace DequantizeLinear Det Div Dropout DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand EyeLike Flatten Floor GRU Gather GatherElements GatherND Gelu Gemm
        GlobalAveragePool GlobalLpPool GlobalMaxPool Greater GreaterOrEqual GridSample GroupNormalization HammingWindow HannWindow HardSigmoid HardSwish Hardmax Identity If ImageDecoder
        InstanceNormalization IsInf IsNaN LRN LSTM LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax Loop LpNormalization LpPool MatMul MatMulInteger Max MaxPool MaxRoiPool MaxUnpool
        Mean MeanVarianceNormalization MelWeightMatrix Min Mish Mod Mul Multinomial Neg NegativeLogLikelihoodLoss NonMaxSuppression NonZero Not OneHot Optional OptionalGetElement OptionalHasElement
        Or PRelu Pad Pow QLinearConv QLinearMatMul QuantizeLinear RMSNormalization RNN RandomNormal RandomNormalLike RandomUniform RandomUniformLike Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum
        ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare RegexFullMatch Relu Reshape Resize ReverseSequence RoiAlign RotaryEmbedding Round STFT Scan Scatter
        ScatterElements ScatterND Selu SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength SequenceMap Shape Shrink Sigmoid Sign Sin Sinh Size Slice Softmax
        SoftmaxCrossEntropyLoss Softplus Softsign SpaceToDepth Split SplitToSequence Sqrt Squeeze StringConcat StringNormalizer StringSplit Sub Sum Swish Tan Tanh TensorScatter TfIdfVectorizer
        ThresholdedRelu Tile TopK Transpose Trilu Unique Unsqueeze Upsample Where Xor
        """);

    private static readonly FrozenSet<string> MachineLearning = ToSet("""
        ArrayFeatureExtractor Binarizer CastMap CategoryMapper DictVectorizer FeatureVectorizer Imputer LabelEncoder LinearClassifier LinearRegressor Normalizer OneHotEncoder SVMClassifier
        SVMRegressor Scaler TreeEnsemble TreeEnsembleClassifier TreeEnsembleRegressor ZipMap
        """);

    // ImageDecoder hands bytes of a request to a native decoder; the standard has it, and no plain network needs it.
    private static readonly FrozenSet<string> Forbidden = ToSet("PyOp PythonOp PyFunc ATen ATenOp EPContext NativeOp ExecuteProgram ImageDecoder");

    /// <summary>Gets all names, for tests.</summary>
    internal static IEnumerable<string> Names => Main.Concat(MachineLearning);

    public static bool IsStandardDomain(ReadOnlySpan<byte> domain) => domain.IsEmpty || domain.SequenceEqual("ai.onnx"u8) || domain.SequenceEqual("ai.onnx.ml"u8);

    public static bool Contains(ReadOnlySpan<byte> domain, ReadOnlySpan<byte> name) => Contains(domain.SequenceEqual("ai.onnx.ml"u8) ? MachineLearning : Main, name);

    public static bool IsForbidden(ReadOnlySpan<byte> name) => Contains(Forbidden, name);

    private static bool Contains(FrozenSet<string> names, ReadOnlySpan<byte> name)
    {
        Span<char> buffer = stackalloc char[LongestName];
        return name.Length <= LongestName
            && Encoding.UTF8.TryGetChars(name, buffer, out var length)
            && names.GetAlternateLookup<ReadOnlySpan<char>>().Contains(buffer[..length]);
    }

    private static FrozenSet<string> ToSet(string names) =>
        names.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToFrozenSet(StringComparer.Ordinal);
}
