namespace SecureInference.Tests.Abstractions;

public sealed class InferenceErrorCatalogTests
{
    public static TheoryData<InferenceErrorCode> Codes => [.. Enum.GetValues<InferenceErrorCode>()];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Catalog_EveryReason_HasStatusRuleTypeAndTitle(InferenceErrorCode code)
    {
        Assert.InRange(InferenceErrorCatalog.Status(code), 400, 599);
        Assert.Matches("^[a-z]+(_[a-z]+)*$", InferenceErrorCatalog.Rule(code));
        Assert.True(Uri.IsWellFormedUriString(InferenceErrorCatalog.Type(code), UriKind.Absolute));
        Assert.NotEmpty(InferenceErrorCatalog.Title(InferenceErrorCatalog.Status(code)));
    }

    [Fact]
    public void Catalog_Rules_AreUnique()
    {
        var codes = Enum.GetValues<InferenceErrorCode>();

        Assert.Equal(codes.Length, codes.Select(InferenceErrorCatalog.Rule).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(codes.Length, codes.Select(InferenceErrorCatalog.Type).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData(InferenceErrorCode.CredentialMissing, 401)]
    [InlineData(InferenceErrorCode.TokenInvalid, 401)]
    [InlineData(InferenceErrorCode.CredentialRejected, 403)]
    [InlineData(InferenceErrorCode.CredentialsAmbiguous, 400)]
    [InlineData(InferenceErrorCode.ScopeInsufficient, 403)]
    [InlineData(InferenceErrorCode.ModelNotFound, 404)]
    [InlineData(InferenceErrorCode.HttpsRequired, 403)]
    [InlineData(InferenceErrorCode.NetworkNotAllowed, 403)]
    [InlineData(InferenceErrorCode.MethodNotAllowed, 405)]
    [InlineData(InferenceErrorCode.BodyTooLarge, 413)]
    [InlineData(InferenceErrorCode.EncodingNotSupported, 415)]
    [InlineData(InferenceErrorCode.TensorInvalid, 400)]
    [InlineData(InferenceErrorCode.RateLimited, 429)]
    [InlineData(InferenceErrorCode.QueueFull, 503)]
    [InlineData(InferenceErrorCode.Draining, 503)]
    [InlineData(InferenceErrorCode.AuditUnavailable, 503)]
    [InlineData(InferenceErrorCode.DeadlineExceeded, 504)]
    public void Status_Reason_IsTheOnePromised(InferenceErrorCode code, int status) => Assert.Equal(status, InferenceErrorCatalog.Status(code));

    [Fact]
    public void Catalog_UnknownReason_Throws()
    {
        const InferenceErrorCode Unknown = (InferenceErrorCode)999;

        Assert.Throws<ArgumentOutOfRangeException>(() => InferenceErrorCatalog.Status(Unknown));
        Assert.Throws<ArgumentOutOfRangeException>(() => InferenceErrorCatalog.Rule(Unknown));
        Assert.Throws<ArgumentOutOfRangeException>(() => InferenceErrorCatalog.Title(299));
    }

    [Fact]
    public void Summary_EveryReason_BeginsWithItsStatus()
    {
        var source = File.ReadAllText(Path.Combine(Architecture.Repository.Core, "Abstractions", "InferenceErrorCode.cs"));

        foreach (var code in Enum.GetValues<InferenceErrorCode>())
        {
            Assert.Matches($@"<summary>{InferenceErrorCatalog.Status(code)}[:,][^\n]*\n\s*{code},", source);
        }
    }
}
