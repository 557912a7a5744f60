using System.Security.Cryptography.X509Certificates;

namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>A client's certificate.</summary>
/// <param name="Certificate">The certificate that the client proved to hold.</param>
/// <param name="Sent">What was sent beside it: nothing in it is trusted, chains may go through it.</param>
internal sealed record ShownCertificate(X509Certificate2 Certificate, X509Certificate2Collection Sent);
