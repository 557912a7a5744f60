namespace SecureInference.Onnx.Admission.Reading;

/// <summary>Names files that are something else than ONNX by their first bytes.</summary>
internal static class FileFormat
{
    /// <summary>Returns what the file is, or <see langword="null"/> where it may be ONNX.</summary>
    public static string? NameOf(ReadOnlySpan<byte> file) =>
        file.IsEmpty ? "empty"
        : file.StartsWith("PK\u0003\u0004"u8) ? "a zip archive (PyTorch files are such)"
        : file.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? "compressed by gzip"
        : file.StartsWith((ReadOnlySpan<byte>)[0x80]) && file.Length > 1 && file[1] is > 0 and < 6 ? "a Python pickle, which runs code when it is read"
        : file.StartsWith("age-encryption.org/"u8) ? "encrypted by age"
        : file.StartsWith("-----BEGIN AGE ENCRYPTED FILE-----"u8) ? "encrypted by age, in text form"
        : file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F']) ? "an HDF5 file (Keras files are such)"
        : file.StartsWith("GGUF"u8) ? "a GGUF file"
        : file.Length >= 8 && file[4..].StartsWith("ORTM"u8) ? "in ONNX Runtime's own format (.ort)"
        : file.StartsWith("ORTM"u8) ? "in ONNX Runtime's own format (.ort)"
        : file.Length >= 8 && file[4..].StartsWith("TFL3"u8) ? "a TensorFlow Lite model"
        : file.StartsWith("version https://git-lfs"u8) ? "a Git LFS pointer: run 'git lfs pull'"
        : null;
}
