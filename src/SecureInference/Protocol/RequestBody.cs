using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SecureInference.Protocol;

/// <summary>The bytes of a body, inflated, and how many of them are legal.</summary>
internal sealed class RequestBody : IAsyncDisposable
{
    private readonly PipeReader _reader;
    private readonly Stream? _inflater;
    private readonly long _limit;
    private readonly FlightShare _share;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly long _start;
    private ReadOnlySequence<byte> _buffer;
    private long _consumed;

    private RequestBody(PipeReader reader, Stream? inflater, long limit, FlightShare share, TimeSpan timeout, TimeProvider time)
    {
        _reader = reader;
        _inflater = inflater;
        _limit = limit;
        _share = share;
        _timeout = timeout;
        _time = time;
        _start = time.GetTimestamp();
    }

    /// <summary>Gets how many bytes were read of it, inflated.</summary>
    public long Consumed => _consumed;

    public static InferenceError? TryOpen(HttpContext http, long limit, FlightShare share, TimeSpan timeout, TimeProvider time, out RequestBody? body)
    {
        body = null;
        if (http.Request.ContentLength > limit)
        {
            return InferenceErrors.BodyTooLarge;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limit;
        }

        var encoding = http.Request.Headers.ContentEncoding;
        if (encoding.Count == 0 || string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase))
        {
            if (!share.TryGrowTo(http.Request.ContentLength ?? 0))
            {
                return share.Refusal;
            }

            body = new RequestBody(http.Request.BodyReader, inflater: null, limit, share, timeout, time);
            return null;
        }

        var inflater = Inflate(encoding.Count == 1 ? encoding[0] : null, http.Request.Body);
        if (inflater is null)
        {
            return InferenceErrors.EncodingNotSupported;
        }

        body = new RequestBody(PipeReader.Create(inflater, new StreamPipeReaderOptions(ClearingMemoryPool.Instance, leaveOpen: true)), inflater, limit, share, timeout, time);
        return null;
    }

    /// <summary>Waits for more than was left unexamined; every read is followed by one <see cref="AdvanceTo"/>.</summary>
    /// <exception cref="BadHttpRequestException">The body is larger than it may be, inflated or not, or takes too long.</exception>
    public async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken)
    {
        var pending = _reader.ReadAsync(cancellationToken);
        var result = pending.IsCompleted ? await pending : await WaitAsync(pending);
        _buffer = result.Buffer;
        if (_consumed + _buffer.Length > _limit)
        {
            AdvanceTo(_buffer.End, _buffer.End);
            throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
        }

        if (!_share.TryGrowTo(_consumed + _buffer.Length))
        {
            AdvanceTo(_buffer.End, _buffer.End);
            throw new BadHttpRequestException("Too many bytes are in flight.", StatusCodes.Status503ServiceUnavailable);
        }

        return result;
    }

    // Whoever sends a byte now and then would otherwise hold what the request holds for as long as he likes.
    private async ValueTask<ReadResult> WaitAsync(ValueTask<ReadResult> pending)
    {
        var left = _timeout - _time.GetElapsedTime(_start);
        using var timer = _time.CreateTimer(
            static reader => (reader as PipeReader)?.CancelPendingRead(), _reader, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        var result = await pending;
        if (result.IsCanceled)
        {
            _reader.AdvanceTo(result.Buffer.Start);
            throw new BadHttpRequestException("The body came too slowly.", StatusCodes.Status408RequestTimeout);
        }

        return result;
    }

    public void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _consumed += _buffer.Slice(0, consumed).Length;
        _reader.AdvanceTo(consumed, examined);
    }

    /// <summary>Fills memory from the body.</summary>
    /// <returns><see langword="false"/> where the body ends before.</returns>
    public async ValueTask<bool> TryFillAsync(Memory<byte> memory, CancellationToken cancellationToken)
    {
        while (!memory.IsEmpty)
        {
            var result = await ReadAsync(cancellationToken);
            var part = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, memory.Length));
            part.CopyTo(memory.Span);
            memory = memory[(int)part.Length..];
            AdvanceTo(part.End, part.End);
            if (result.IsCompleted && result.Buffer.Length == part.Length)
            {
                return memory.IsEmpty;
            }
        }

        return true;
    }

    /// <summary>Says whether nothing is left of the body.</summary>
    public async ValueTask<bool> EndsHereAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await ReadAsync(cancellationToken);
            var isEmpty = result.Buffer.IsEmpty;
            AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (!isEmpty || result.IsCompleted)
            {
                return isEmpty;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_inflater is not null)
        {
            await _reader.CompleteAsync();
            await _inflater.DisposeAsync();
        }
    }

    private static Stream? Inflate(string? encoding, Stream body) => encoding switch
    {
        _ when string.Equals(encoding, "gzip", StringComparison.OrdinalIgnoreCase) => new GZipStream(body, CompressionMode.Decompress, leaveOpen: true),

        // "deflate" is the zlib format (RFC 9110, section 8.4.1.2).
        _ when string.Equals(encoding, "deflate", StringComparison.OrdinalIgnoreCase) => new ZLibStream(body, CompressionMode.Decompress, leaveOpen: true),
        _ => null,
    };
}
