using System.Text;

namespace SecureInference.Tests.Abstractions;

public sealed class BytesElementsTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("00000000", true, "")]
    [InlineData("0100000061", true, "a")]
    [InlineData("01000000610000000002000000" + "6263", true, "a", "", "bc")]
    [InlineData("000000", false)]
    [InlineData("01000000", false)]
    [InlineData("0200000061", false)]
    [InlineData("01000000610100", false, "a")]
    [InlineData("FFFFFFFF61", false)]
    [InlineData("FFFFFF7F61", false)]
    [InlineData("FBFFFFFF61", false)]
    public void MoveNext_Data_WalksWhatIsWholeAndStops(string data, bool isWhole, params string[] expected)
    {
        var elements = new BytesElements(Convert.FromHexString(data));
        var found = new List<string>();

        while (elements.MoveNext())
        {
            found.Add(Encoding.ASCII.GetString(elements.Current));
        }

        Assert.Equal(expected, found);
        Assert.Equal(isWhole, elements.IsAtEnd);
    }
}
