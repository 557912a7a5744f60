namespace SecureInference.Onnx;

/// <summary>How long a run will take, as a line through two measurements.</summary>
internal sealed class RunEstimate
{
    private readonly double _one;
    private readonly double _perRow;

    public RunEstimate(TimeSpan one, TimeSpan many, int manyRows)
    {
        _one = one.Ticks;
        // A measurement that was disturbed must not make large batches look free.
        _perRow = manyRows > 1 ? Math.Max(0, (many - one).Ticks / (double)(manyRows - 1)) : 0;
    }

    /// <summary>Gets the estimate of what was never measured.</summary>
    public static RunEstimate Unknown { get; } = new(TimeSpan.MaxValue, TimeSpan.MaxValue, 1);

    public TimeSpan Of(int rows) => TimeSpan.FromTicks((long)Math.Min(_one + (_perRow * (rows - 1)), TimeSpan.MaxValue.Ticks / 2));
}
