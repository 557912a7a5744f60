namespace SecureInference.IntegrationTests.Limits;

/// <summary>The reader that the other tests here rely on.</summary>
public sealed class StructuredFieldTests
{
    [Theory]
    [InlineData("0", 0L)]
    [InlineData("-0", 0L)]
    [InlineData("42", 42L)]
    [InlineData("-42", -42L)]
    [InlineData("007", 7L)]
    [InlineData("999999999999999", 999_999_999_999_999L)]
    [InlineData("  5  ", 5L)]
    [InlineData("?1", true)]
    [InlineData("?0", false)]
    [InlineData("\"\"", "")]
    [InlineData("\"a b\"", "a b")]
    [InlineData("\"a \\\" \\\\ b\"", "a \" \\ b")]
    [InlineData("\"~ !\"", "~ !")]
    public void ParseItem_Value_IsRead(string text, object expected) => Assert.Equal(expected, StructuredField.ParseItem(text).Value);

    [Theory]
    [InlineData("1.5", "1.5")]
    [InlineData("-1.005", "-1.005")]
    [InlineData("123456789012.123", "123456789012.123")]
    public void ParseItem_Decimal_IsRead(string text, string expected) =>
        Assert.Equal(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), StructuredField.ParseItem(text).Value);

    [Theory]
    [InlineData("a")]
    [InlineData("*")]
    [InlineData("foo123/456:x")]
    [InlineData("A!#$%&'*+-.^_`|~")]
    public void ParseItem_Token_IsNoString(string text) => Assert.Equal(new FieldToken(text), StructuredField.ParseItem(text).Value);

    [Theory]
    [InlineData("::", "")]
    [InlineData(":aGVsbG8=:", "hello")]
    [InlineData(":aGVsbG8:", "hello")]
    [InlineData(":aGVsbG8h:", "hello!")]
    public void ParseItem_Bytes_AreRead(string text, string expected) =>
        Assert.Equal(System.Text.Encoding.ASCII.GetBytes(expected), StructuredField.ParseItem(text).Value);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("-")]
    [InlineData("--1")]
    [InlineData("+1")]
    [InlineData(".5")]
    [InlineData("1.")]
    [InlineData("1.2345")]
    [InlineData("1.2.3")]
    [InlineData("1234567890123.1")]
    [InlineData("1234567890123456")]
    [InlineData("1 2")]
    [InlineData("1,2")]
    [InlineData("\t1")]
    [InlineData("\"")]
    [InlineData("\"a")]
    [InlineData("\"a\\\"")]
    [InlineData("\"a\\n\"")]
    [InlineData("\"\u007f\"")]
    [InlineData("\"tab\tin\"")]
    [InlineData("\"größe\"")]
    [InlineData("'a'")]
    [InlineData("größe")]
    [InlineData(":aGVsbG8=")]
    [InlineData(":aGVs bG8=:")]
    [InlineData(":aGVsbG8_:")]
    [InlineData(":a:")]
    [InlineData("?")]
    [InlineData("?2")]
    [InlineData("?true")]
    [InlineData("=1")]
    [InlineData("1;")]
    [InlineData("1;A=1")]
    [InlineData("1;1=1")]
    [InlineData("1;_a=1")]
    [InlineData("1;aB=1")]
    [InlineData("1;a =1")]
    [InlineData("1;a= 1")]
    [InlineData("1;a=")]
    [InlineData("1 ;a=1")]
    [InlineData("1;a=1 ;b=2")]
    [InlineData("1;\ta=1")]
    public void ParseItem_NoItem_IsRefused(string text) => Assert.Throws<FormatException>(() => StructuredField.ParseItem(text));

    [Fact]
    public void ParseItem_Parameters_AreReadAndTheLastOfTwoCounts()
    {
        var item = StructuredField.ParseItem("\"x\";a; b=2;*c=\"3\";d-e_f.g*=:AA==:;a=tok;b=?0");

        Assert.Equal("x", item.Value);
        Assert.Equal(["a", "b", "*c", "d-e_f.g*"], item.Parameters.Keys);
        Assert.Equal(new FieldToken("tok"), item.Parameters["a"]);
        Assert.Equal(false, item.Parameters["b"]);
        Assert.Equal("3", item.Parameters["*c"]);
        Assert.Equal(new byte[] { 0 }, item.Parameters["d-e_f.g*"]);
        Assert.Equal(true, StructuredField.ParseItem("1;z").Parameters["z"]);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("  ", 0)]
    [InlineData("\"a\"", 1)]
    [InlineData("\"a\",\"b\"", 2)]
    [InlineData("  \"a\";q=1 \t,\t \"b\";q=2 ,1  ", 3)]
    public void ParseList_List_HasItsItems(string text, int count) => Assert.Equal(count, StructuredField.ParseList(text).Count);

    [Theory]
    [InlineData(",")]
    [InlineData("\"a\",")]
    [InlineData("\"a\", ")]
    [InlineData(",\"a\"")]
    [InlineData("\"a\",,\"b\"")]
    [InlineData("\"a\" \"b\"")]
    [InlineData("\"a\";q=1 r=2")]
    [InlineData("\"a\"\r\n,\"b\"")]
    [InlineData("\t\"a\"")]
    [InlineData("(\"a\" \"b\")")]
    public void ParseList_NoList_IsRefused(string text) => Assert.Throws<FormatException>(() => StructuredField.ParseList(text));
}
