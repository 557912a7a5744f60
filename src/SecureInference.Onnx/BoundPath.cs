using Microsoft.ML.OnnxRuntime;

namespace SecureInference.Onnx;

/// <summary>Runs requests in a lane's own memory; after the first of its size, a run allocates nothing but its answer.</summary>
internal sealed class BoundPath(InferenceSession session, BoundLayout layout) : IDisposable
{
    /// <summary>Batches come in few sizes; more would only hold memory.</summary>
    private const int MaxCached = 64;

    private readonly BoundRows?[] _cache = new BoundRows?[MaxCached];

    // Made at the first run: the last lanes of a quiet model never get that far.
    private LaneMemory? _memory;

    internal LaneMemory Memory => _memory ??= new LaneMemory(layout.Bytes);

    public InferenceResponse Run(InferenceRequest request, int rows, RunOptions options)
    {
        var memory = Memory;
        var bound = Bind(memory, rows);
        try
        {
            CopyInputs(request, memory, first: 0, rows);
            session.RunWithBinding(options, bound.Binding);
            return CopyOutputs(request, memory, first: 0, rows);
        }
        finally
        {
            Clear(memory, rows);
        }
    }

    /// <summary>Runs the rows of several requests, and answers each with its own.</summary>
    public void Run(InferenceBatch batch, RunOptions options)
    {
        var memory = Memory;
        var bound = Bind(memory, batch.Rows);
        try
        {
            for (var (index, first) = (0, 0); index < batch.Requests.Count; first += batch.GetRows(index++))
            {
                CopyInputs(batch.Requests[index], memory, first, batch.GetRows(index));
            }

            session.RunWithBinding(options, bound.Binding);
            for (var (index, first) = (0, 0); index < batch.Requests.Count; first += batch.GetRows(index++))
            {
                batch.Respond(index, CopyOutputs(batch.Requests[index], memory, first, batch.GetRows(index)));
            }
        }
        finally
        {
            Clear(memory, batch.Rows);
        }
    }

    public void Dispose()
    {
        foreach (var bound in _cache)
        {
            bound?.Dispose();
        }

        // The memory must outlive the values that hold its address.
        GC.KeepAlive(_memory);
    }

    /// <summary>Fills the outputs' memory, so that an output that a run leaves alone shows.</summary>
    internal void PoisonOutputs(int rows)
    {
        foreach (var slot in layout.Outputs)
        {
            Memory.Slice(slot.Offset, slot.GetBytes(rows)).Fill(0xA5);
        }
    }

    private void Clear(LaneMemory memory, int rows)
    {
        foreach (var slots in (ReadOnlySpan<IReadOnlyList<BoundSlot>>)[layout.Inputs, layout.Outputs])
        {
            for (var index = 0; index < slots.Count; index++)
            {
                memory.Slice(slots[index].Offset, slots[index].GetBytes(rows)).Clear();
            }
        }
    }

    private BoundRows Bind(LaneMemory memory, int rows)
    {
        ref var place = ref _cache[rows % MaxCached];
        if (place?.Rows == rows)
        {
            return place;
        }

        place?.Dispose();
        // Null first: were the next line to throw, a disposed binding must not be found here.
        place = null;
        return place = new BoundRows(session, layout, memory, rows);
    }

    private void CopyInputs(InferenceRequest request, LaneMemory memory, int first, int rows)
    {
        for (var index = 0; index < layout.Inputs.Count; index++)
        {
            var slot = layout.Inputs[index];
            BoundLayout.Find(request, slot.Spec.Name)?.Data.Span.CopyTo(memory.Slice(slot.GetOffset(first), slot.GetBytes(rows)));
        }
    }

    private InferenceResponse CopyOutputs(InferenceRequest request, LaneMemory memory, int first, int rows)
    {
        var wanted = request.Outputs;
        var response = request.BeginAnswer();
        var count = wanted.Count == 0 ? layout.Outputs.Count : wanted.Count;
        for (var index = 0; index < count; index++)
        {
            var slot = layout.Outputs[wanted.Count == 0 ? index : IndexOfOutput(wanted[index])];
            var bytes = slot.GetBytes(rows);
            var data = response.Add(slot.Spec.Name, slot.Spec.DataType, slot.GetShape(rows), bytes);
            memory.Slice(slot.GetOffset(first), bytes).CopyTo(data.Span);
        }

        return response;
    }

    private int IndexOfOutput(string name)
    {
        for (var index = 0; index < layout.Outputs.Count; index++)
        {
            if (layout.Outputs[index].Spec.Name == name)
            {
                return index;
            }
        }

        throw new ArgumentException($"The model has no output '{name}'.", nameof(name));
    }
}
