using BenchmarkDotNet.Running;
using SecureInference.Benchmarks;

// dotnet run -c Release --project benchmarks/SecureInference.Benchmarks -- --filter '*'
// dotnet run -c Release --project benchmarks/SecureInference.Benchmarks -- limits-memory ours 1000000
if (args is ["limits-memory", var whose, var callers])
{
    return LimitsMemory.Run(whose, callers);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
