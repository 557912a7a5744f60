using Microsoft.Extensions.Logging;

namespace SecureInference.Onnx;

/// <summary>What serving ONNX models says: names of models and codes, never values or ONNX Runtime's messages, which may hold them.</summary>
internal sealed partial class OnnxTelemetry(ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger("SecureInference.Onnx");

    [LoggerMessage(2001, LogLevel.Information, "Model {Model} runs on {Device} with {Lanes} lanes: {Reason}.")]
    public partial void DeviceChosen(string model, string device, int lanes, string reason);

    [LoggerMessage(2020, LogLevel.Warning, "Model {Model} runs on the CPU, and not on a GPU: {Reason}. Write Cpu for Device to say so, or RequireGpu to refuse it.")]
    public partial void FellBack(string model, string reason);

    [LoggerMessage(2021, LogLevel.Warning, "Model {Model} runs on {Device}, and some of its operators on the CPU, which the GPU waits for. RequireGpu refuses such models.")]
    public partial void PartlyOnCpu(string model, string device);

    [LoggerMessage(2022, LogLevel.Information, "Model {Model} copies its inputs to {Device} from memory that is not pinned: none was to be had.")]
    public partial void NotPinned(string model, string device);

    [LoggerMessage(2002, LogLevel.Warning, "Model {Model} failed its warm-up with {Code}: it is served unmeasured, each run on a lane's own thread.")]
    public partial void WarmUpFailed(string model, string code);

    [LoggerMessage(2003, LogLevel.Information, "Model {Model} is run without preallocated outputs: the number of rows does not settle their shapes, or they differ from run to run.")]
    public partial void BindingGivenUp(string model);

    [LoggerMessage(2004, LogLevel.Information, "Model {Model} refused a request's values with {Code}; {Unsaid} such events before it were not logged.")]
    public partial void InputRejected(string model, string code, long unsaid);

    [LoggerMessage(2005, LogLevel.Error, "Model {Model} failed a run with {Code}; {Unsaid} such events before it were not logged.")]
    public partial void RunFailed(string model, string code, long unsaid);

    [LoggerMessage(2006, LogLevel.Error, "Model {Model} has runs that do not end: its memory stays taken until the process ends.")]
    public partial void RunsAbandoned(string model);

    [LoggerMessage(2007, LogLevel.Error, "Model {Model} took longer than MaxRunTime, {Limit}, for one run: it was ended, and its requests fail.")]
    public partial void RunEnded(string model, TimeSpan limit);

    [LoggerMessage(2008, LogLevel.Warning, "Model {Model} is loaded without being searched: its Admission:Policy is Off, so a hostile file may take all memory or end the process.")]
    public partial void AdmissionOff(string model);

    [LoggerMessage(2009, LogLevel.Information, "Model {Model} was loaded and run once by a process of its own, in {Milliseconds} ms, before this one loads it.")]
    public partial void CanaryPassed(string model, long milliseconds);
}
