using System.Text;
using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Pipeline.Auditing.Sinks;

/// <summary>Shows the newest checkpoint as text: the same text until there is another.</summary>
internal sealed class CheckpointFeed(LogStore store)
{
    private SignedCheckpoint? _last;
    private string? _note;

    public string? Read()
    {
        var checkpoint = store.LastCheckpoint;
        if (!ReferenceEquals(checkpoint, _last))
        {
            _last = checkpoint;
            _note = checkpoint is null ? null : Encoding.UTF8.GetString(checkpoint.Note);
        }

        return _note;
    }
}
