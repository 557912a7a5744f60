using BenchmarkDotNet.Running;
using SecureInference.Benchmarks;
using SecureInference.Benchmarks.Pieces;

// dotnet run -c Release --project benchmarks/SecureInference.Benchmarks -- --filter '*'
// dotnet run -c Release --project benchmarks/SecureInference.Benchmarks -- limits-memory ours 1000000
// dotnet run -c Release --project benchmarks/SecureInference.Benchmarks -- model-load 1024 5
// dotnet run -c Release --project benchmarks/SecureInference.Benchmarks -- canary 512 5
// dotnet run -c Release --project benchmarks/SecureInference.Benchmarks -- pieces benchmarks/results/DATE-MACHINE
if (args is ["limits-memory", var whose, var callers])
{
    return LimitsMemory.Run(whose, callers);
}

if (args is ["model-load", var mebibytes, var rounds])
{
    return await ModelLoad.RunAsync(mebibytes, rounds);
}

if (args is ["canary", var size, var times])
{
    return await CanaryLoad.RunAsync(size, times);
}

if (args is ["pieces", var folder])
{
    return PieceRun.Run(folder);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
