using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Reading;

/// <summary>The functions that a model defines.</summary>
internal sealed class FunctionTable
{
    private readonly ReadOnlyMemory<byte> _file;
    private readonly List<Slice> _functions = [];
    private readonly Dictionary<int, int> _first = [];
    private readonly List<int> _next = [];
    private readonly List<GraphPlace?> _places = [];

    private FunctionTable(ReadOnlyMemory<byte> file) => _file = file;

    public int Count => _functions.Count;

    public static FunctionTable Read(ScanSubject subject)
    {
        var table = new FunctionTable(subject.File);
        foreach (var function in new FieldSequence(subject.Bytes, subject.Model, 25))
        {
            var hash = Hash(DomainOf(subject.Bytes, function), NameOf(subject.Bytes, function));
            table._next.Add(table._first.GetValueOrDefault(hash, -1));
            table._first[hash] = table._functions.Count;
            table._functions.Add(function);
            table._places.Add(null);
        }

        return table;
    }

    /// <summary>Returns the body of a function.</summary>
    public GraphView BodyOf(int index) => new(_file.Span, _functions[index], PlaceOf(index), isFunction: true);

    /// <summary>Finds the function that a node calls.</summary>
    /// <returns>Its index, or -1.</returns>
    public int Find(in NodeView node) => _functions.Count == 0 ? -1 : Find(node.Domain, node.OperatorType, Fields.Text(node.File, node.Message, 8));

    public int Find(ReadOnlySpan<byte> domain, ReadOnlySpan<byte> name, ReadOnlySpan<byte> overload)
    {
        var file = _file.Span;
        var plain = Plain(domain);
        for (var index = _first.GetValueOrDefault(Hash(plain, name), -1); index >= 0; index = _next[index])
        {
            var function = _functions[index];
            if (NameOf(file, function).SequenceEqual(name) && DomainOf(file, function).SequenceEqual(plain) && Fields.Text(file, function, 13).SequenceEqual(overload))
            {
                return index;
            }
        }

        return -1;
    }

    public ReadOnlySpan<byte> DomainOf(int index) => DomainOf(_file.Span, _functions[index]);

    public ReadOnlySpan<byte> NameOf(int index) => NameOf(_file.Span, _functions[index]);

    public ReadOnlySpan<byte> OverloadOf(int index) => Fields.Text(_file.Span, _functions[index], 13);

    // Once for each: a small file may call its functions a million times.
    private GraphPlace PlaceOf(int index) => _places[index] ??= new GraphPlace($"function {Quoted.Name(NameOf(_file.Span, _functions[index]))}", 0);

    // The main domain has two spellings.
    private static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> domain) => domain.SequenceEqual("ai.onnx"u8) ? default : domain;

    private static ReadOnlySpan<byte> DomainOf(ReadOnlySpan<byte> file, Slice function) => Plain(Fields.Text(file, function, 10));

    private static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> file, Slice function) => Fields.Text(file, function, 1);

    private static int Hash(ReadOnlySpan<byte> domain, ReadOnlySpan<byte> name)
    {
        var hash = default(HashCode);
        hash.AddBytes(domain);
        hash.AddBytes(name);
        return hash.ToHashCode();
    }
}
