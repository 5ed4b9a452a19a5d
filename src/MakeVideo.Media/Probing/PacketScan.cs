using System.Globalization;

namespace MakeVideo.Media.Probing;

/// <summary>Adds up the packets of one stream as ffprobe prints them (<c>pts,duration</c> in seconds): what is really in a file, whatever its header says.</summary>
internal sealed class PacketScan
{
    private double _first = double.MaxValue;
    private double _last = double.MinValue;
    private double _lastDuration;

    /// <summary>Packets seen.</summary>
    public int Count { get; private set; }

    /// <summary>Seconds from the first packet's start to the last one's end.</summary>
    public double Duration => Count == 0 ? 0 : _last - _first + (_lastDuration > 0 ? _lastDuration : Count > 1 ? (_last - _first) / (Count - 1) : 0);

    /// <summary>True when every packet stands on a whole frame and none is missing or doubled; needs a scan in order of output.</summary>
    public bool StartsAtZero => Math.Abs(_first) < 1e-6;

    /// <summary>Takes one line; what is not a packet is passed over.</summary>
    public void Add(string line)
    {
        var fields = line.Split(',');
        if (!double.TryParse(fields[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var pts))
        {
            return;
        }

        Count++;
        _first = Math.Min(_first, pts);
        if (pts > _last)
        {
            _last = pts;
            _lastDuration = fields.Length > 1 && double.TryParse(fields[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var duration) ? duration : 0;
        }
    }
}
