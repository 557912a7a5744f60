using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;
using SecureInference.Pipeline.RateLimiting;
using SecureInference.Tests.Abstractions;

namespace SecureInference.Tests.Pipeline.RateLimiting;

/// <summary>What is looked at once the answer is done.</summary>
public sealed class CompletionTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public Task Complete_ServerFailed_EverythingIsThereAgain() => Complete_Refused_LeavesAsync(InferenceErrors.Internal, left: 10);

    [Fact]
    public Task Complete_DeadlineThatTheCallerChose_StaysPaid() => Complete_Refused_LeavesAsync(InferenceErrors.OwnDeadlineExceeded, left: 9);

    private async Task Complete_Refused_LeavesAsync(InferenceError error, int left)
    {
        var options = new RateLimitOptions { Default = new CallerLimitOptions { TokenLimit = 10, TokensPerPeriod = 1, ConcurrencyLimit = 100 } };
        var sut = LimiterCalls.Create(options, new CallerStates(_time), _time);
        var caller = Some.Caller();
        var http = Some.Request();
        var response = new CompletedResponse();
        http.Features.Set<IHttpResponseFeature>(response);
        Assert.Null(sut.Take(http, caller, "digits"));

        await ErrorResponse.WriteAsync(http, error);
        await response.CompleteAsync();

        Assert.Equal(0, caller.State!.Usage!.Running);
        Assert.Equal(left, sut.TakeAll(caller, model: "digits"));
    }

    private sealed class CompletedResponse : HttpResponseFeature
    {
        private Func<Task> _completed = static () => Task.CompletedTask;

        public override void OnCompleted(Func<object, Task> callback, object state) => _completed = () => callback(state);

        public Task CompleteAsync() => _completed();
    }
}
