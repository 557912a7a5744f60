using System.Globalization;

namespace SecureInference.Onnx.Devices;

/// <summary>What <see cref="ModelOptions.Device"/> asks for.</summary>
/// <param name="Kind">The kind of device.</param>
/// <param name="Cards">The GPUs by number, in the order given; each has a session of its own.</param>
internal sealed record DeviceChoice(DeviceKind Kind, IReadOnlyList<int> Cards)
{
    /// <summary>What to write, for messages.</summary>
    public const string Forms = "Auto, Cpu or Cuda, or some GPUs by number, as in Cuda:0,1";

    /// <summary>More than any machine has; a number beyond is a mistake.</summary>
    private const int MostCards = 64;

    public static DeviceChoice? TryParse(string text)
    {
        var (name, numbers) = text.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0 ? (text[..colon], text[(colon + 1)..]) : (text, null);
        return !Array.Exists(Enum.GetNames<DeviceKind>(), known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) ? null
            : numbers is null ? new DeviceChoice(Enum.Parse<DeviceKind>(name, ignoreCase: true), [0])
            : name.Equals(nameof(DeviceKind.Cuda), StringComparison.OrdinalIgnoreCase) && TryParseCards(numbers) is { } cards ? new DeviceChoice(DeviceKind.Cuda, cards)
            : null;
    }

    private static List<int>? TryParseCards(string numbers)
    {
        var cards = new List<int>();
        foreach (var number in numbers.Split(','))
        {
            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var card) || card >= MostCards || cards.Contains(card))
            {
                return null;
            }

            cards.Add(card);
        }

        return cards;
    }
}
