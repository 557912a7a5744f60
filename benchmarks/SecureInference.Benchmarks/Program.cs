using BenchmarkDotNet.Running;

// dotnet run -c Release --project benchmarks/SecureInference.Benchmarks -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
