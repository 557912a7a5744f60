using System.Globalization;

namespace SecureInference.Load;

/// <summary>What the command line asks for.</summary>
internal sealed record LoadArguments(int Connections, int Rounds, double Seconds, IReadOnlyList<Net> Nets, bool IsFair, bool IsJson)
{
    /// <summary>Gets whether the whole path of a request is measured, beside what others do.</summary>
    public bool IsPath { get; private init; }

    /// <summary>Gets what the names of the servers hold that are measured; all of them, where it is not said.</summary>
    public string? Peer { get; private init; }

    /// <summary>Gets where the results go.</summary>
    public string Folder { get; private init; } = "path-results";

    public const string Usage = "usage: SecureInference.Load [--connections 64] [--rounds 5] [--seconds 2] [--net small|medium|large|all] [--fair] [--json]\n       SecureInference.Load --path [--rounds 5] [--seconds 2] [--peer NAME] [--out FOLDER]\n       SecureInference.Load --tables FOLDER";

    /// <returns>The arguments, or <see langword="null"/> where they are not understood.</returns>
    public static LoadArguments? TryParse(ReadOnlySpan<string> args)
    {
        var parsed = new LoadArguments(Connections: 64, Rounds: 5, Seconds: 2, Net.All, IsFair: false, IsJson: false);
        while (!args.IsEmpty)
        {
            switch (args)
            {
                case ["--json", ..]:
                    parsed = parsed with { IsJson = true };
                    args = args[1..];
                    continue;
                case ["--path", ..]:
                    parsed = parsed with { IsPath = true };
                    args = args[1..];
                    continue;
                case ["--fair", ..]:
                    parsed = parsed with { IsFair = true };
                    args = args[1..];
                    continue;
                case ["--connections", var text, ..] when int.TryParse(text, CultureInfo.InvariantCulture, out var connections) && connections is > 0 and <= 1000:
                    parsed = parsed with { Connections = connections };
                    break;
                case ["--rounds", var text, ..] when int.TryParse(text, CultureInfo.InvariantCulture, out var rounds) && rounds > 0:
                    parsed = parsed with { Rounds = rounds };
                    break;
                case ["--seconds", var text, ..] when double.TryParse(text, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 600:
                    parsed = parsed with { Seconds = seconds };
                    break;
                case ["--peer", var peer, ..]:
                    parsed = parsed with { Peer = peer };
                    break;
                case ["--out", var folder, ..]:
                    parsed = parsed with { Folder = folder };
                    break;
                case ["--net", "all", ..]:
                    parsed = parsed with { Nets = Net.All };
                    break;
                case ["--net", var name, ..] when Net.All.FirstOrDefault(net => net.Name == name) is { } net:
                    parsed = parsed with { Nets = [net] };
                    break;
                default:
                    return null;
            }

            args = args[2..];
        }

        return parsed;
    }
}
