using Spectre.Console;
using Spectre.Console.Rendering;

namespace SecureInference.Tool;

/// <summary>Where the tool speaks: answers to the output, everything that went wrong to the error stream.</summary>
internal sealed class ToolConsole(IAnsiConsole screen, TextWriter error, bool isPlain)
{
    /// <summary>Gets whether a file or a program reads the output: no colours and no boxes then.</summary>
    public bool IsPlain => isPlain;

    /// <summary>Gets how many characters the terminal has in a line.</summary>
    public int Width => screen.Profile.Width;

    public TextWriter Output => screen.Profile.Out.Writer;

    public TextWriter Error => error;

    /// <summary>Writes a line that is neither wrapped nor cut, however narrow the terminal is.</summary>
    public void WriteLine(string line = "") => Output.WriteLine(TerminalText.Clean(line));

    public void Write(IRenderable renderable) => screen.Write(renderable);

    /// <summary>Begins to show how far something is.</summary>
    public Progress Progress() => screen.Progress();

    /// <summary>Says what is wrong and what to do.</summary>
    public int Fail(int exitCode, string message)
    {
        error.WriteLine(TerminalText.Clean(message));
        return exitCode;
    }
}
