using System.Text;

namespace MakeVideo.Transcription;

/// <summary>
/// Makes tensors that Moonshine's merged decoder computes anyway readable: which audio it attends to for each token, that is, when the word was
/// said. The model has one <c>If</c> node with a branch for the first step and one for the others; each tensor becomes an output of
/// both branches, of the node and of the model. Works on the file's protobuf fields (onnx.proto), nothing else changes.
/// </summary>
internal static class AttentionOutputs
{
    // Field numbers of onnx.proto.
    private const int ModelGraph = 7;
    private const int GraphNode = 1;
    private const int GraphOutput = 12;
    private const int NodeOutput = 2;
    private const int NodeAttribute = 5;
    private const int AttributeGraph = 6;

    /// <summary>The model with the tensors as further outputs, in the given order, under their own names.</summary>
    /// <exception cref="InvalidDataException">The bytes are no ONNX model.</exception>
    public static byte[] Add(byte[] model, IReadOnlyList<string> tensors)
    {
        var names = tensors.Select(name => Encoding.UTF8.GetBytes(name)).ToArray();
        return Rewrite(model, ModelGraph, graph => Append(
            Rewrite(graph, GraphNode, node => Rewrite(node, NodeAttribute, attribute => Rewrite(attribute, AttributeGraph, branch => Append(branch, GraphOutput, names.Select(Value)))) is var rewritten && rewritten.Length != node.Length
                ? Append(rewritten, NodeOutput, names)
                : node),
            GraphOutput,
            names.Select(Value)));
    }

    // ValueInfoProto: name = 1; type = 2 { tensor_type = 1 { elem_type = 1: FLOAT } }. The runtime infers the shape.
    private static byte[] Value(byte[] name) => [.. Field(1, name), .. Field(2, Field(1, [0x08, 0x01]))];

    // A repeated field may be continued anywhere in its message, so at its end.
    private static byte[] Append(byte[] message, int field, IEnumerable<byte[]> values)
    {
        using var result = new MemoryStream(message.Length + 1024);
        result.Write(message);
        foreach (var value in values)
        {
            result.Write(Field(field, value));
        }

        return result.ToArray();
    }

    private static byte[] Rewrite(byte[] message, int field, Func<byte[], byte[]> change)
    {
        using var result = new MemoryStream(message.Length + 4096);
        for (var at = 0; at < message.Length;)
        {
            var start = at;
            var key = Varint(message, ref at);
            var length = (key & 7) switch
            {
                0 => SkipVarint(message, ref at),
                1 => 8,
                2 => checked((int)Varint(message, ref at)),
                5 => 4,
                _ => throw new InvalidDataException("the model is not an ONNX file"),
            };
            if (length > message.Length - at)
            {
                throw new InvalidDataException("the model ends in the middle of a field");
            }

            if ((int)(key >> 3) == field && (key & 7) == 2)
            {
                result.Write(Field(field, change(message.AsSpan(at, length).ToArray())));
            }
            else
            {
                result.Write(message, start, at + length - start);
            }

            at += length;
        }

        return result.ToArray();
    }

    private static byte[] Field(int field, byte[] value) => [.. Encode((ulong)((field << 3) | 2)), .. Encode((ulong)value.Length), .. value];

    private static List<byte> Encode(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return bytes;
    }

    private static int SkipVarint(byte[] message, ref int at)
    {
        _ = Varint(message, ref at);
        return 0;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64 && at < message.Length; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("the model ends in the middle of a number");
    }
}
