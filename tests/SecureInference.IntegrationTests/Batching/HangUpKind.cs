namespace SecureInference.IntegrationTests.Batching;

/// <summary>What a client of <see cref="HangUps"/> does with one request.</summary>
internal enum HangUpKind
{
    /// <summary>Sends it and looks at the answer.</summary>
    Stays,

    /// <summary>As the first, with an answer that is larger than the server's buffers.</summary>
    StaysForMuch,

    /// <summary>Gives it less time than it may need.</summary>
    HasNoTime,

    /// <summary>Sends values that the model cannot run on.</summary>
    SendsBadValue,

    /// <summary>Sends a body that is none.</summary>
    SendsNonsense,

    /// <summary>Goes while its body is on its way.</summary>
    GoesInBody,

    /// <summary>Goes while its request waits or runs.</summary>
    GoesInRun,

    /// <summary>Goes while its answer is on its way.</summary>
    GoesInAnswer,

    /// <summary>Says that it sends no more, and goes some time later.</summary>
    GoesByHalves,
}
