using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace SecureInference.Onnx;

/// <summary>Gives ONNX Runtime the files that hold a model's weights from memory, so that it opens none itself; they must stay until the session is created.</summary>
internal sealed unsafe class ExternalFiles : IDisposable
{
    // Places in ONNX Runtime's table of functions, which only ever grows; the managed library has no method for the last.
    private const int GetErrorMessage = 2;
    private const int ReleaseStatus = 93;
    private const int AddExternalInitializersFromFilesInMemory = 279;

    private const uint ApiVersion = 23;

    private readonly List<GCHandle> _pins = [];
    private readonly List<IntPtr> _names = [];

    private ExternalFiles()
    {
    }

    /// <exception cref="ModelLoadException">ONNX Runtime did not take the files.</exception>
    public static ExternalFiles AddTo(SessionOptions settings, IReadOnlyDictionary<string, byte[]> files)
    {
        var external = new ExternalFiles();
        try
        {
            if (files.Count > 0)
            {
                external.Add(settings, files);
            }

            return external;
        }
        catch
        {
            external.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _pins.ForEach(static pin => pin.Free());
        _names.ForEach(Marshal.FreeHGlobal);
        _pins.Clear();
        _names.Clear();
    }

    private void Add(SessionOptions settings, IReadOnlyDictionary<string, byte[]> files)
    {
        var (buffers, lengths) = (new IntPtr[files.Count], new nuint[files.Count]);
        foreach (var (name, bytes) in files)
        {
            _names.Add(ToPath(name));
            _pins.Add(GCHandle.Alloc(bytes, GCHandleType.Pinned));
            (buffers[_pins.Count - 1], lengths[_pins.Count - 1]) = (_pins[^1].AddrOfPinnedObject(), (nuint)bytes.Length);
        }

        var table = GetTable();
        IntPtr status;
        fixed (IntPtr* paths = CollectionsMarshal.AsSpan(_names))
        fixed (IntPtr* data = buffers)
        fixed (nuint* sizes = lengths)
        {
            var add = (delegate* unmanaged[Stdcall]<IntPtr, IntPtr*, IntPtr*, nuint*, nuint, IntPtr>)table[AddExternalInitializersFromFilesInMemory];
            status = add(settings.DangerousGetHandle(), paths, data, sizes, (nuint)files.Count);
        }

        if (status != IntPtr.Zero)
        {
            var message = Marshal.PtrToStringUTF8((IntPtr)((delegate* unmanaged[Stdcall]<IntPtr, byte*>)table[GetErrorMessage])(status));
            ((delegate* unmanaged[Stdcall]<IntPtr, void>)table[ReleaseStatus])(status);
            throw new ModelLoadException("ONNX Runtime does not take the model's external data from memory. Save the model with its data inside.", new InvalidOperationException(message));
        }
    }

    // ONNX Runtime compares them with the locations in the model, as paths of its system.
    private static IntPtr ToPath(string name)
    {
        if (OperatingSystem.IsWindows())
        {
            return Marshal.StringToHGlobalUni(name);
        }

        var bytes = System.Text.Encoding.UTF8.GetBytes(name + '\0');
        var copy = Marshal.AllocHGlobal(bytes.Length);
        Marshal.Copy(bytes, 0, copy, bytes.Length);
        return copy;
    }

    private static IntPtr* GetTable()
    {
        // Loaded before by the managed library: this finds the same one.
        var library = NativeLibrary.Load("onnxruntime", typeof(OrtEnv).Assembly, null);
        var getBase = (delegate* unmanaged[Stdcall]<IntPtr*>)NativeLibrary.GetExport(library, "OrtGetApiBase");
        var getApi = (delegate* unmanaged[Stdcall]<uint, IntPtr>)getBase()[0];
        var table = (IntPtr*)getApi(ApiVersion);
        return table is null ? throw new ModelLoadException("The native ONNX Runtime is too old for external data. Update the package Microsoft.ML.OnnxRuntime.") : table;
    }
}
