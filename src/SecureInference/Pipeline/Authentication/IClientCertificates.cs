using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace SecureInference.Pipeline.Authentication;

/// <summary>Recognises callers by the certificate of their connection.</summary>
internal interface IClientCertificates
{
    /// <summary>Finds the certificate that the client proved to hold: to this server, or to a proxy that is trusted to say so.</summary>
    X509Certificate2? Find(HttpContext http);

    /// <summary>Says whose the certificate is; nothing where the client showed none.</summary>
    Recognition Read(HttpContext http);
}
