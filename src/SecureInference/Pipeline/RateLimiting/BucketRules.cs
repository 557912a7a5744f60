namespace SecureInference.Pipeline.RateLimiting;

/// <summary>What a bucket's options may be.</summary>
internal static class BucketRules
{
    private const int DaysToFill = 366;

    /// <summary>Returns what is wrong, and what to write.</summary>
    public static IEnumerable<string> Problems(string path, BucketTerms terms, int unitsPerToken)
    {
        if (terms.TokenLimit < 1)
        {
            yield return $"{path}:TokenLimit is {terms.TokenLimit}. Write at least 1.";
        }

        if (terms.TokensPerPeriod < 1)
        {
            yield return $"{path}:TokensPerPeriod is {terms.TokensPerPeriod}. Write at least 1.";
        }

        if (terms.Period <= TimeSpan.Zero || terms.Period > TimeSpan.FromDays(1))
        {
            yield return $"{path}:ReplenishmentPeriod is {terms.Period}. Write a time above zero, up to one day, for example 00:00:01.";
        }
        else if (terms.TokenLimit >= 1 && terms.TokensPerPeriod >= 1 && terms.Period.TotalDays / terms.TokensPerPeriod * terms.TokenLimit > DaysToFill)
        {
            yield return $"{path} takes more than a year to fill. Write a smaller TokenLimit or a larger TokensPerPeriod.";
        }
        else if (BucketRate.IsTooFast(terms, unitsPerToken))
        {
            yield return unitsPerToken == BucketRate.UnitsPerByte
                ? $"{path} fills faster than 1,000,000,000 bytes a second. Write fewer, or remove it: so many are no limit."
                : $"{path} fills faster than 1,000,000 tokens a second. Write fewer: so many are no limit.";
        }
    }
}
