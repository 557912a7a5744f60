using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SecureInference.Protocol;

/// <summary>The bytes of a body, inflated, and how many of them are legal.</summary>
internal sealed class RequestBody : IAsyncDisposable
{
    private PipeReader? _reader;
    private Stream? _inflater;
    private FlightShare? _share;
    private TimeProvider _time = TimeProvider.System;
    private long _limit;
    private TimeSpan _timeout;
    private long _start;
    private ReadOnlySequence<byte> _buffer;
    private long _consumed;

    /// <summary>Gets how many bytes were read of it, inflated.</summary>
    public long Consumed => _consumed;

    private PipeReader Reader => _reader ?? throw new InvalidOperationException("The body is not open.");

    public static InferenceError? TryOpen(HttpContext http, long limit, FlightShare share, TimeSpan timeout, TimeProvider time, out RequestBody? body)
    {
        var opened = new RequestBody();
        var error = opened.Open(http, limit, share, timeout, time);
        body = error is null ? opened : null;
        return error;
    }

    /// <summary>Begins with a request's body; it serves a connection's requests one after the other.</summary>
    /// <returns>Why it is not read.</returns>
    public InferenceError? Open(HttpContext http, long limit, FlightShare share, TimeSpan timeout, TimeProvider time)
    {
        _consumed = 0;
        if (http.Request.ContentLength > limit)
        {
            return InferenceErrors.BodyTooLarge;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limit;
        }

        (_limit, _share, _timeout, _time, _start) = (limit, share, timeout, time, time.GetTimestamp());
        var encoding = http.Request.Headers.ContentEncoding;
        if (encoding.Count == 0 || string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase))
        {
            if (!share.TryGrowTo(http.Request.ContentLength ?? 0))
            {
                return share.Refusal;
            }

            _reader = http.Request.BodyReader;
            return null;
        }

        _inflater = Inflate(encoding.Count == 1 ? encoding[0] : null, http.Request.Body);
        if (_inflater is null)
        {
            return InferenceErrors.EncodingNotSupported;
        }

        _reader = PipeReader.Create(_inflater, new StreamPipeReaderOptions(ClearingMemoryPool.Instance, leaveOpen: true));
        return null;
    }

    /// <summary>Waits for more than was left unexamined; every read is followed by one <see cref="AdvanceTo"/>.</summary>
    /// <exception cref="BadHttpRequestException">The body is larger than it may be, inflated or not, or takes too long.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken)
    {
        var pending = Reader.ReadAsync(cancellationToken);
        var result = pending.IsCompleted ? await pending : await WaitAsync(pending);
        _buffer = result.Buffer;
        if (_consumed + _buffer.Length > _limit)
        {
            AdvanceTo(_buffer.End, _buffer.End);
            throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
        }

        if (_share?.TryGrowTo(_consumed + _buffer.Length) == false)
        {
            AdvanceTo(_buffer.End, _buffer.End);
            throw new BadHttpRequestException("Too many bytes are in flight.", StatusCodes.Status503ServiceUnavailable);
        }

        return result;
    }

    // Whoever sends a byte now and then would otherwise hold what the request holds for as long as he likes.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> WaitAsync(ValueTask<ReadResult> pending)
    {
        var left = _timeout - _time.GetElapsedTime(_start);
        using var timer = _time.CreateTimer(
            static reader => (reader as PipeReader)?.CancelPendingRead(), _reader, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        var result = await pending;
        if (result.IsCanceled)
        {
            Reader.AdvanceTo(result.Buffer.Start);
            throw new BadHttpRequestException("The body came too slowly.", StatusCodes.Status408RequestTimeout);
        }

        return result;
    }

    public void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _consumed += _buffer.Slice(0, consumed).Length;
        Reader.AdvanceTo(consumed, examined);
    }

    /// <summary>Fills memory from the body.</summary>
    /// <returns><see langword="false"/> where the body ends before.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
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
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
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

    public ValueTask DisposeAsync()
    {
        var (reader, inflater) = (_reader, _inflater);
        _reader = null;
        _inflater = null;
        _share = null;
        _buffer = default;
        return inflater is null ? default : EndAsync(reader, inflater);
    }

    private static async ValueTask EndAsync(PipeReader? reader, Stream inflater)
    {
        if (reader is not null)
        {
            await reader.CompleteAsync();
        }

        await inflater.DisposeAsync();
    }

    private static Stream? Inflate(string? encoding, Stream body) => encoding switch
    {
        _ when string.Equals(encoding, "gzip", StringComparison.OrdinalIgnoreCase) => new GZipStream(body, CompressionMode.Decompress, leaveOpen: true),

        // "deflate" is the zlib format (RFC 9110, section 8.4.1.2).
        _ when string.Equals(encoding, "deflate", StringComparison.OrdinalIgnoreCase) => new ZLibStream(body, CompressionMode.Decompress, leaveOpen: true),
        _ => null,
    };
}
