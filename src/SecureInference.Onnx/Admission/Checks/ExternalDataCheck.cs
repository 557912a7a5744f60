using System.Globalization;
using System.Text;
using SecureInference.Onnx.Admission.Reading;
using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Checks;

/// <summary>G: data outside the file comes only from files that were read and signed with it, and only from where it says.</summary>
internal sealed class ExternalDataCheck(ScanSubject subject) : IFileCheck
{
    private readonly Dictionary<string, List<(long Start, long End, Slice Tensor)>> _ranges = new(StringComparer.Ordinal);

    public void Check(in TensorView tensor, in TensorSite site)
    {
        if (!tensor.IsExternal)
        {
            return;
        }

        var place = site.Say(tensor.Name);
        var entries = ExternalEntries.Read(tensor, out var fault);
        if (entries is null)
        {
            subject.Report.Add(AdmissionRules.ExternalKeys, place, fault);
        }
        else if (ExternalLocation.FaultOf(entries.Location) is { } wrong)
        {
            subject.Report.Add(AdmissionRules.ExternalLocation, place, $"the location {Quoted.Name(Encoding.UTF8.GetBytes(entries.Location))} {wrong}");
        }
        else if (!site.IsMainInitializer)
        {
            subject.Report.Add(AdmissionRules.ExternalPlace, place, "its data is in another file");
        }
        else if (!subject.Others.TryGetValue(entries.Location, out var length))
        {
            subject.Report.Add(AdmissionRules.ExternalFile, place, $"the file {Quoted.Name(Encoding.UTF8.GetBytes(entries.Location))} is not listed");
        }
        else
        {
            CheckRange(tensor, entries, length, place);
        }
    }

    public void Finish()
    {
        foreach (var ranges in _ranges.Values)
        {
            ranges.Sort(static (one, other) => one.Start.CompareTo(other.Start));
            for (var index = 1; index < ranges.Count; index++)
            {
                if (ranges[index].Start < ranges[index - 1].End)
                {
                    var name = new TensorView(subject.Bytes, ranges[index].Tensor).Name;
                    subject.Report.Add(AdmissionRules.ExternalRange, new TensorSite(GraphPlace.Main, TensorRole.Initializer, 0).Say(name), "its data overlaps that of another tensor");
                }
            }
        }
    }

    private void CheckRange(in TensorView tensor, ExternalEntries entries, long available, string place)
    {
        var elements = 1L;
        foreach (var dimension in tensor.Dimensions)
        {
            elements = dimension < 0 ? long.MaxValue : (long)UInt128.Min((UInt128)(ulong)elements * (ulong)dimension, long.MaxValue);
        }

        var size = tensor.ElementKind.BytesOf(elements);
        if (tensor.ElementKind == ElementKind.String || entries.Length != size || entries.Offset > available || size > available - entries.Offset)
        {
            subject.Report.Add(AdmissionRules.ExternalRange, place,
                $"it takes {size} bytes from {entries.Offset}, says {entries.Length?.ToString(CultureInfo.InvariantCulture) ?? "no length"}, and the file has {available}");
        }
        else
        {
            Take(entries.Location, entries.Offset, size, tensor.Message);
        }
    }

    private void Take(string location, long start, long size, Slice tensor)
    {
        if (!_ranges.TryGetValue(location, out var ranges))
        {
            _ranges[location] = ranges = [];
        }

        if (size > 0)
        {
            ranges.Add((start, start + size, tensor));
        }
    }
}
