using System.Globalization;
using System.Text;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Protocol;

public class MutationTests
{
    private const int Mutations = 20_000;

    private static readonly string[] Tokens =
    [
        "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "true", "1e999", "-", "-1", "0", "1.5", "99999999999999999999", "9223372036854775807", "\\ud800",
        "\"name\":\"a\",", "\"data\":[", "\"shape\":[1],", "\"parameters\":{", "\"binary_data_size\":8,", "\"inputs\":[", "\"outputs\":[", "{}", "[]", "\u0000", " ", "1e-2147483648",
    ];

    [Fact]
    public async Task Infer_MutatedRequests_AreAnsweredOrRefusedAndGiveTheirMemoryBack()
    {
        var seeds = Seeds();
        var accepted = 0;
        for (var round = 0; round < Mutations; round++)
        {
            var dice = new Dice((ulong)round + 1);
            var (head, body) = seeds[round % seeds.Length];
            var mutated = Mutate(dice, body);
            var headerLength = head is null ? null : dice.Next(4) == 0 ? dice.Pick($"{mutated.Length}", $"{dice.Next(400)}", "0", "-1", "x") : $"{head}";
            using var memory = RentedMemory.Watch();

            var answer = await SendAsync(new PacketReader(mutated, () => 1 + dice.Next(200), endsLate: dice.Next(2) == 0), headerLength);

            var what = $"round {round}, header {headerLength}: {answer.Status} to {Encoding.Latin1.GetString(mutated)} {string.Join('\n', answer.Warnings)}";
            Assert.True(answer.Status is 200 or 400, what);
            Assert.True(answer.Runs == (answer.Status == 200 ? 1 : 0), what);
            Assert.True(memory.Outstanding == 0, $"{memory.Outstanding} of {memory.Rented} rented arrays did not come back. {what}");
            accepted += answer.Runs;
        }

        // Some mutations are harmless, most are not: otherwise they test nothing.
        Assert.InRange(accepted, Mutations / 50, Mutations / 2);
    }

    private static Task<Answer> SendAsync(PacketReader body, string? headerLength) => Conversation.SendAsync(Model(), body, headers =>
    {
        if (headerLength is not null)
        {
            headers["Inference-Header-Content-Length"] = headerLength;
        }
    });

    private static FakeModel Model() => Models.Three();

    private static (string? Head, byte[] Body)[] Seeds()
    {
        const string A = """{"name":"a","datatype":"FP32","shape":[2,2],"data":[[1.5,-2e1],[3,0.25]]}""";
        const string B = """{"data":["ä\n",["\u0062\ud834\udd1e"]],"shape":[2],"datatype":"BYTES","name":"b"}""";
        const string C = """{"shape":[2],"name":"c","parameters":{},"data":[9007199254740993,1e3],"datatype":"INT64"}""";
        const string BinaryA = """{"name":"a","datatype":"FP32","shape":[2,2],"parameters":{"binary_data_size":16}}""";
        const string BinaryB = """{"parameters":{"binary_data_size":11},"name":"b","datatype":"BYTES","shape":[2]}""";
        var floats = Wire.Numbers(1f, 2f, 3f, 4f);
        var strings = Wire.Strings(Wire.Utf8("abc"), []);
        return
        [
            (null, Wire.Utf8($$$"""{"id":"1","inputs":[{{{A}}},{{{B}}},{{{C}}}],"outputs":[{"name":"B"},{"name":"A","parameters":{"binary_data":true}}]}""")),
            (null, Wire.Utf8($$"""{"parameters":{"timeout":5000,"binary_data_output":true},"x":[{},"y"],"inputs":[{{C}},{{B}},{{A}}]}""")),
            With($$"""{"inputs":[{{BinaryA}},{{B}},{{C}}]}""", floats),
            With($$"""{"outputs":[],"inputs":[{{BinaryB}},{{C}},{{BinaryA}}]}""", Wire.Join(strings, floats)),
        ];
    }

    private static (string Head, byte[] Body) With(string json, byte[] parts) =>
        (Wire.Utf8(json).Length.ToString(CultureInfo.InvariantCulture), Wire.Join(Wire.Utf8(json), parts));

    private static byte[] Mutate(Dice dice, byte[] body)
    {
        var bytes = new List<byte>(body);
        for (var times = dice.Next(3); times >= 0; times--)
        {
            var at = dice.Next(bytes.Count);
            switch (dice.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << dice.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)dice.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, 1 + dice.Next(Math.Min(8, bytes.Count - at)));
                    break;
                case 3:
                    bytes.InsertRange(at, Wire.Utf8(dice.Pick<string>(Tokens)));
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, 1 + dice.Next(Math.Min(60, bytes.Count - at))));
                    break;
                case 5 when dice.Next(4) == 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes[at] = (byte)('0' + dice.Next(10));
                    break;
            }

            if (bytes.Count == 0)
            {
                bytes.Add((byte)'{');
            }
        }

        return [.. bytes];
    }
}
