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

    /// <summary>Does something long, and shows on a terminal how far it is.</summary>
    /// <param name="what">What is done.</param>
    /// <param name="total">Of how many steps.</param>
    /// <param name="isQuiet">Whether nothing may be shown.</param>
    /// <param name="work">Does it, and tells each time how many steps were made since the last.</param>
    public async Task<T> ShowProgressAsync<T>(string what, long total, bool isQuiet, Func<Action<long>?, Task<T>> work) => isQuiet || isPlain
        ? await work(null)
        : await screen.Progress().AutoClear(enabled: true).StartAsync(async shown =>
        {
            var task = shown.AddTask(Markup.Escape(TerminalText.Clean(what)), maxValue: Math.Max(1, total));
            return await work(step => task.Increment(step));
        });

    /// <summary>Says what is wrong and what to do.</summary>
    public int Fail(int exitCode, string message)
    {
        error.WriteLine(TerminalText.Clean(message));
        return exitCode;
    }
}
