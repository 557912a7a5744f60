using SecureInference.TestSupport.Onnx;

namespace SecureInference.Onnx.Tests;

public sealed class BoundLayoutTests
{
    private const int MostBytes = 4 << 20;

    [Fact]
    public void TryCreate_RowsOfFixedSize_LaysTensorsOutApartAndAligned()
    {
        using var harness = new LaneHarness(OnnxModels.AddSub(), maxRows: 7);

        var layout = harness.Layout;

        Assert.NotNull(layout);
        Assert.Equal(7, layout.MaxRows);
        var slots = layout.Inputs.Concat(layout.Outputs).ToArray();
        Assert.All(slots, slot => Assert.Equal(0, slot.Offset % 64));
        Assert.All(slots.Zip(slots.Skip(1)), pair => Assert.True(pair.First.Offset + pair.First.GetBytes(7) <= pair.Second.Offset));
        Assert.True(slots[^1].Offset + slots[^1].GetBytes(7) <= layout.Bytes);
    }

    [Theory]
    [InlineData(1_000_000, 4)]
    [InlineData(int.MaxValue, 784)]
    public void TryCreate_HugeMaxBatchSize_KeepsToItsMemory(int maxRows, int columns)
    {
        using var harness = new LaneHarness(OnnxModels.Identity(OnnxType.Float, "batch", columns), maxRows);

        var layout = harness.Layout;

        Assert.NotNull(layout);
        Assert.InRange(layout.Bytes, 1, MostBytes);
        Assert.InRange(layout.MaxRows, 100, maxRows);
    }

    [Fact]
    public void TryCreate_RowLargerThanItsMemory_GivesNone()
    {
        using var harness = new LaneHarness(OnnxModels.Identity(OnnxType.Float, "batch", 2 << 20));

        Assert.Null(harness.Layout);
    }

    [Fact]
    public void TryCreate_SeveralVaryingDimensions_GivesNone()
    {
        using var harness = new LaneHarness(OnnxModels.DynamicSequence());

        Assert.Null(harness.Layout);
    }

    [Fact]
    public void TryCreate_Strings_GivesNone()
    {
        using var harness = new LaneHarness(OnnxModels.Strings());

        Assert.Null(harness.Layout);
    }

    [Fact]
    public void TryCreate_DimensionOfZero_GivesNone()
    {
        using var harness = new LaneHarness(OnnxModels.Identity(OnnxType.Float, "batch", 0));

        Assert.Null(harness.Layout);
    }

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(7, 7, true)]
    [InlineData(8, 8, false)]
    [InlineData(0, 0, false)]
    [InlineData(2, 3, false)]
    public void TryGetRows_RowsOfTwoInputs_FitsWhereTheyAgreeAndAreWithinTheMost(int first, int second, bool fits)
    {
        using var harness = new LaneHarness(OnnxModels.AddSub(), maxRows: 7);
        using var request = new InferenceRequest(Some.Ints("INPUT1", second, 16), Some.Ints("INPUT0", first, 16));

        var answer = harness.Layout?.TryGetRows(request, out _);

        Assert.Equal(fits, answer);
    }

    [Fact]
    public void TryGetRows_OtherTypeNameOrSize_DoesNotFit()
    {
        using var harness = new LaneHarness(OnnxModels.Identity(OnnxType.Float, "batch", 4));
        Tensor[] misfits = [Some.Ints("X", 1, 4), Some.Floats("Z", 1, 4), Some.Floats("X", 1, 5), Tensor.Create<float>("X", [4], [1, 2, 3, 4])];

        Assert.All(misfits, misfit => Assert.False(harness.Layout?.TryGetRows(new InferenceRequest(misfit), out _)));
    }
}
