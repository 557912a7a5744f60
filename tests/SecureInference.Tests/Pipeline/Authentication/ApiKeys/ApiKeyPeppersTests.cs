using SecureInference.Pipeline.Authentication.ApiKeys;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Authentication.ApiKeys;

public sealed class ApiKeyPeppersTests : IDisposable
{
    private const string First = "1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    private const string Third = "3:AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=";
    private readonly TestFolder _folder = new();

    private string PepperPath => _folder.File("pepper.txt");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_Nothing_IsNoPepper() => Assert.Null(ApiKeyPeppers.Find(file: null, variable: null).Newest);

    [Theory]
    [InlineData(First + "\n" + Third)]
    [InlineData(Third + "," + First)]
    [InlineData("  " + First + " \t" + Third + "\r\n")]
    public void Find_SeveralVersions_HasThemAllAndKnowsTheNewest(string text)
    {
        Write(text);

        foreach (var peppers in new[] { ApiKeyPeppers.Find(PepperPath, variable: null), ApiKeyPeppers.Find(file: null, text) })
        {
            Assert.Equal(3, peppers.Newest);
            Assert.Equal(Enumerable.Repeat((byte)1, 32), peppers.Get(1));
            Assert.Equal(Enumerable.Repeat((byte)3, 32), peppers.Get(3));
            Assert.True(peppers.Has(1));
            Assert.False(peppers.Has(2));
        }
    }

    [Fact]
    public void Get_VersionThatIsNotListed_SaysWhich()
    {
        var refusal = Assert.Throws<InvalidDataException>(() => ApiKeyPeppers.Find(file: null, First).Get(2));

        Assert.Contains("version 2 of the pepper", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_FileAndVariable_IsRefused()
    {
        Write(First);

        var refusal = Assert.Throws<InvalidDataException>(() => ApiKeyPeppers.Find(PepperPath, First));

        Assert.Contains("given twice", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("AQEB", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n ")]
    [InlineData("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=")]
    [InlineData(":AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=")]
    [InlineData("0:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=")]
    [InlineData("-1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=")]
    [InlineData("1000001:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=")]
    [InlineData("99999999999:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=")]
    [InlineData("one:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=")]
    [InlineData("1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ==")]
    [InlineData("1:")]
    [InlineData("1:hunter2")]
    [InlineData("1:correct_horse_battery_staple_correct_horse_b")]
    [InlineData(First + ":x")]
    [InlineData(First + " " + First)]
    public void Find_Malformed_IsRefusedAndNotRepeated(string text)
    {
        Write(text);

        foreach (var find in new[] { () => ApiKeyPeppers.Find(PepperPath, variable: null), () => ApiKeyPeppers.Find(file: null, text) })
        {
            var refusal = Assert.Throws<InvalidDataException>(find);

            Assert.Contains("secure-inference keys pepper", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("AQEB", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("horse", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Find_MissingFile_Throws() => Assert.Throws<FileNotFoundException>(() => ApiKeyPeppers.Find(PepperPath, variable: null));

    [Theory]
    [InlineData("400", true)]
    [InlineData("600", true)]
    [InlineData("440", true)]
    [InlineData("640", true)]
    [InlineData("700", true)]
    [InlineData("660", false)]
    [InlineData("420", false)]
    [InlineData("604", false)]
    [InlineData("602", false)]
    [InlineData("601", false)]
    [InlineData("644", false)]
    [InlineData("666", false)]
    public void ReadFile_OthersMayReadOrChangeIt_IsRefused(string mode, bool isAccepted)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix file modes");
        Write(First);
#pragma warning disable CA1416 // Skipped on Windows.
        File.SetUnixFileMode(PepperPath, (UnixFileMode)Convert.ToInt32(mode, 8));
#pragma warning restore CA1416

        if (isAccepted)
        {
            Assert.Equal(1, ApiKeyPeppers.ReadFile(PepperPath).Newest);
            return;
        }

        var refusal = Assert.Throws<InvalidDataException>(() => ApiKeyPeppers.ReadFile(PepperPath));
        Assert.Contains($"chmod 400 {PepperPath}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadFile_BehindALink_GoesByTheModeOfTheFile()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix file modes");
        Write(First);
        var link = _folder.File("link");
        File.CreateSymbolicLink(link, PepperPath);

        Assert.Equal(1, ApiKeyPeppers.ReadFile(link).Newest);
#pragma warning disable CA1416 // Skipped on Windows.
        File.SetUnixFileMode(PepperPath, UnixFileMode.UserRead | UnixFileMode.OtherRead);
#pragma warning restore CA1416
        Assert.Throws<InvalidDataException>(() => ApiKeyPeppers.ReadFile(link));
    }

    [Fact]
    public void Create_Twice_MakesTwoThatCanBeRead()
    {
        var first = ApiKeyPeppers.Create(1);
        var second = ApiKeyPeppers.Create(2);

        var peppers = ApiKeyPeppers.Find(file: null, $"{first} {second}");

        Assert.Equal(32, peppers.Get(1).Length);
        Assert.NotEqual(peppers.Get(1), peppers.Get(2));
    }

    private void Write(string text)
    {
        File.WriteAllText(PepperPath, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(PepperPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
