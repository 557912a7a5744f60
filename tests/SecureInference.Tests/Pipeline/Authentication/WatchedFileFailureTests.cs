using Microsoft.Extensions.Time.Testing;
using SecureInference.Pipeline.Authentication;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Authentication;

public sealed class WatchedFileFailureTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ReadIfChanged_ConversionFailedOfWhatLooksTheSame_FailsAgain()
    {
        var path = _folder.File("list.json");
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var old = time.GetUtcNow().UtcDateTime.AddHours(-1);
        await File.WriteAllTextAsync(path, "good", TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(path, old);
        var touched = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var file = new WatchedFile(path, time, () => touched.TrySetResult());
        Assert.Equal("good", file.ReadIfChanged(Convert));
        await File.WriteAllTextAsync(path, "evil", TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(path, old);
        await touched.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Throws<InvalidDataException>(() => file.ReadIfChanged(Convert));
        Assert.Throws<InvalidDataException>(() => file.ReadIfChanged(Convert));
    }

    private static string Convert(byte[] bytes) =>
        System.Text.Encoding.UTF8.GetString(bytes) is "good" ? "good" : throw new InvalidDataException("It is not good.");
}
