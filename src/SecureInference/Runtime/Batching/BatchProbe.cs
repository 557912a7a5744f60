using System.Numerics;
using System.Runtime.InteropServices;

namespace SecureInference.Runtime.Batching;

/// <summary>Tries to show that rows of a model influence each other, before callers' rows share a run: random rows alone, and the same rows together.</summary>
internal sealed class BatchProbe(IModelEngine engine, int maxRows)
{
    private const int Rounds = 2;

    /// <summary>Rows that run together; more would find no more.</summary>
    private const int MostRows = 4;

    /// <summary>Returns what it found.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async ValueTask<ProbeVerdict> RunAsync(CancellationToken cancellationToken)
    {
        var batch = new InferenceBatch(engine.Metadata);
        for (var round = 0; round < Rounds; round++)
        {
            var requests = Enumerable.Range(0, Math.Min(maxRows, MostRows)).Select(_ => RandomRow.CreateRequest(engine.Metadata)).ToArray();
            try
            {
                foreach (var request in requests)
                {
                    batch.Add(request, rows: 1);
                }

                var error = await engine.RunBatchAsync(batch, cancellationToken);
                var verdict = await CompareAsync(batch, error, cancellationToken);
                if (verdict != ProbeVerdict.Independent)
                {
                    return verdict;
                }
            }
            finally
            {
                batch.Clear();
                Array.ForEach(requests, static request => request.Dispose());
            }
        }

        return ProbeVerdict.Independent;
    }

    private async ValueTask<ProbeVerdict> CompareAsync(InferenceBatch batch, InferenceError? error, CancellationToken cancellationToken)
    {
        for (var index = 0; index < batch.Requests.Count; index++)
        {
            using var alone = await engine.RunAsync(batch.Requests[index], cancellationToken);
            if (!alone.IsSuccess)
            {
                // It does not run on such values: nothing was shown.
                return ProbeVerdict.Unknown;
            }

            using var together = batch.TakeResponse(index);
            if (error is not null || together is null || !IsSame(alone, together))
            {
                return ProbeVerdict.Dependent;
            }
        }

        return ProbeVerdict.Independent;
    }

    private static bool IsSame(InferenceResponse alone, InferenceResponse together) =>
        alone.Outputs.Count == together.Outputs.Count && alone.Outputs.Zip(together.Outputs).All(static pair => IsSame(pair.First, pair.Second));

    // Kernels round differently at different batch sizes; what another row does is far more than that.
    private static bool IsSame(Tensor alone, Tensor together) => alone.Shape.SequenceEqual(together.Shape) && alone.DataType switch
    {
        TensorDataType.Float32 => IsNear<float>(alone, together, 1e-3),
        TensorDataType.Float64 => IsNear<double>(alone, together, 1e-6),
        TensorDataType.Float16 => IsNear<Half>(alone, together, 3e-2),
        TensorDataType.BFloat16 => IsNearBFloat16(alone, together),
        _ => alone.Data.Span.SequenceEqual(together.Data.Span),
    };

    private static bool IsNear<T>(Tensor alone, Tensor together, double tolerance)
        where T : unmanaged, INumber<T>
    {
        var one = alone.GetValues<T>();
        var other = together.GetValues<T>();
        for (var index = 0; index < one.Length; index++)
        {
            if (!IsNear(double.CreateChecked(one[index]), double.CreateChecked(other[index]), tolerance))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsNearBFloat16(Tensor alone, Tensor together)
    {
        var one = MemoryMarshal.Cast<byte, ushort>(alone.Data.Span);
        var other = MemoryMarshal.Cast<byte, ushort>(together.Data.Span);
        for (var index = 0; index < one.Length; index++)
        {
            // The upper half of a single-precision number.
            if (!IsNear(BitConverter.UInt32BitsToSingle((uint)one[index] << 16), BitConverter.UInt32BitsToSingle((uint)other[index] << 16), 1e-1))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsNear(double one, double other, double tolerance) =>
        one.Equals(other) || Math.Abs(one - other) <= tolerance * Math.Max(1, Math.Max(Math.Abs(one), Math.Abs(other)));
}
