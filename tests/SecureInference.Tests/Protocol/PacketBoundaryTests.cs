using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SecureInference.Tests.Protocol;

public class PacketBoundaryTests
{
    [Fact]
    public async Task Infer_BodyInAnyPackets_GivesTheAnswerOfOnePiece()
    {
        for (var seed = 1UL; seed <= 1500; seed++)
        {
            var dice = new Dice(seed);
            var (head, parts) = Request(dice);
            var body = Wire.Join(Wire.Utf8(head), parts);
            var headerLength = parts.Length == 0 ? null : Encoding.UTF8.GetByteCount(head).ToString(CultureInfo.InvariantCulture);
            var largest = dice.Pick(1, 3, 17, 100);

            var whole = await SendAsync(new PacketReader(body, static () => int.MaxValue), headerLength);
            var split = await SendAsync(new PacketReader(body, () => 1 + dice.Next(largest), endsLate: dice.Next(2) == 0), headerLength);

            Assert.True(whole.Status == 200, $"seed {seed}: {Encoding.UTF8.GetString(whole.Body)} to {head}");
            Assert.True(whole.Body.AsSpan().SequenceEqual(split.Body), $"seed {seed}: {Encoding.UTF8.GetString(split.Body)} to {head}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Infer_CutBetweenAnyTwoBytes_GivesTheAnswerOfOnePiece(bool endsLate)
    {
        const string Head =
            """
            {"inputs":[{"data":[1.25,-2e-1],"datatype":"FP32","shape":[1,2],"name":"a"},{"name":"b","datatype":"BYTES","shape":[1],"data":["\u00e4€\""]},
            {"name":"c","datatype":"INT64","shape":[1],"parameters":{"binary_data_size":8}}]}
            """;
        var headLength = Wire.Utf8(Head).Length;
        var body = Wire.Join(Wire.Utf8(Head), Wire.Numbers(-2L));
        var expected = await SendAsync(new PacketReader(body, static () => int.MaxValue), $"{headLength}");

        for (var cut = 1; cut < body.Length; cut++)
        {
            var sizes = new Queue<int>([cut, int.MaxValue]);
            var answer = await SendAsync(new PacketReader(body, sizes.Dequeue, endsLate), $"{headLength}");

            answer.MustBeFine();
            Assert.Equal(expected.Body, answer.Body);
        }
    }

    private static Task<Answer> SendAsync(PacketReader body, string? headerLength) => Conversation.SendAsync(Models.Three(), body, headers =>
    {
        if (headerLength is not null)
        {
            headers["Inference-Header-Content-Length"] = headerLength;
        }
    });

    private static (string Head, byte[] Parts) Request(Dice dice)
    {
        var rows = 1 + dice.Next(4);
        var parts = new List<byte[]>();
        var inputs = new List<string>
        {
            Input(dice, parts, "a", "FP32", $"[{rows},2]", Float(dice), Float(dice), rows),
            Input(dice, parts, "b", "BYTES", $"[{rows}]", Text(dice), null, rows),
            Input(dice, parts, "c", "INT64", $"[{rows}]", Whole(dice), null, rows),
        };
        var request = Shuffle(
            dice, $"\"inputs\":{Space(dice)}[{string.Join("," + Space(dice), inputs)}]", $"\"id\":{Space(dice)}{JsonSerializer.Serialize(Word(dice))}", $"\"note\":[{{}},null,{Float(dice)()}]");
        return ($"{Space(dice)}{{{request}}}", Wire.Join(parts));
    }

    private static string Input(Dice dice, List<byte[]> parts, string name, string datatype, string shape, Func<string> first, Func<string>? second, int rows)
    {
        if (dice.Next(4) == 0)
        {
            var part = datatype switch
            {
                "FP32" => Wire.Numbers<float>([.. Enumerable.Range(0, rows * 2).Select(_ => dice.Next(1000) / 8f)]),
                "INT64" => Wire.Numbers<long>([.. Enumerable.Range(0, rows).Select(_ => (long)dice.NextBits())]),
                _ => Wire.Strings([.. Enumerable.Range(0, rows).Select(_ => Wire.Utf8(Word(dice)))]),
            };
            parts.Add(part);
            return $"{{{Shuffle(dice, $"\"name\":\"{name}\"", $"\"datatype\":\"{datatype}\"", $"\"shape\":{shape}", $"\"parameters\":{{\"binary_data_size\":{part.Length}}}")}}}";
        }

        var elements = Enumerable.Range(0, rows).Select(_ => second is null ? first() : $"[{first()},{Space(dice)}{second()}]");
        return $"{{{Shuffle(dice, $"\"name\":\"{name}\"", $"\"datatype\":{Space(dice)}\"{datatype}\"", $"\"shape\":{shape}", $"\"data\":[{string.Join(',', elements)}]")}}}";
    }

    private static Func<string> Float(Dice dice) => () => dice.Pick("0", "-0.0", "1.5", "1e-3", "-12345.678", "3.4028235e38", "0.1") is var text && dice.Next(2) == 0
        ? text
        : ((float)dice.Next(int.MaxValue) / (1 + dice.Next(1000))).ToString("R", CultureInfo.InvariantCulture);

    private static Func<string> Whole(Dice dice) => () => dice.Pick("0.0", "1e3", "-9223372036854775808", ((long)dice.NextBits()).ToString(CultureInfo.InvariantCulture));

    private static Func<string> Text(Dice dice) => () => dice.Next(2) == 0 ? JsonSerializer.Serialize(Word(dice)) : $"\"{Word(dice).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Word(Dice dice) => string.Concat(Enumerable.Range(0, dice.Next(9)).Select(_ => dice.Pick("a", "ä", "€", "𝄞", "\"", " ", "1")));

    private static string Space(Dice dice) => dice.Pick("", "", " ", "\r\n\t");

    private static string Shuffle(Dice dice, params List<string> items)
    {
        for (var index = items.Count - 1; index > 0; index--)
        {
            var other = dice.Next(index + 1);
            (items[index], items[other]) = (items[other], items[index]);
        }

        return string.Join("," + Space(dice), items);
    }
}
