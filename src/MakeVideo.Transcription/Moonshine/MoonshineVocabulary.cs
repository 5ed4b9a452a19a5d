using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace MakeVideo.Transcription;

/// <summary>A word and the token that begins it.</summary>
/// <param name="Text">Without white space.</param>
/// <param name="FirstToken">Index in the decoded sequence.</param>
internal readonly record struct SpelledWord(string Text, int FirstToken);

/// <summary>Llama's 32,000 sentence pieces, which Moonshine speaks: <c>▁</c> begins a word, <c>&lt;0x41&gt;</c> is a byte, the first three control.</summary>
internal sealed class MoonshineVocabulary
{
    private const int FirstPiece = 3;
    private const char WordStart = '▁';

    private readonly string[] _pieces;

    private MoonshineVocabulary(string[] pieces) => _pieces = pieces;

    /// <summary>One piece a line, by line feeds only: one of the pieces is a carriage return.</summary>
    public static MoonshineVocabulary Parse(string text) => new(text.Split('\n'));

    /// <summary>Words in order; control tokens and tokens beyond the vocabulary spell nothing.</summary>
    public ImmutableArray<SpelledWord> Spell(IReadOnlyList<int> tokens)
    {
        var words = ImmutableArray.CreateBuilder<SpelledWord>();
        var bytes = new List<byte>();
        var first = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            foreach (var value in Bytes(tokens[i]))
            {
                // Pieces may hold several spaces, or a line feed as a byte.
                if (value is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
                {
                    Flush();
                    continue;
                }

                if (bytes.Count == 0)
                {
                    first = i;
                }

                bytes.Add(value);
            }
        }

        Flush();
        return words.ToImmutable();

        void Flush()
        {
            if (bytes.Count > 0)
            {
                words.Add(new SpelledWord(Encoding.UTF8.GetString([.. bytes]), first));
                bytes.Clear();
            }
        }
    }

    private byte[] Bytes(int token)
    {
        if (token < FirstPiece || token >= _pieces.Length)
        {
            return [];
        }

        var piece = _pieces[token];
        return piece.Length == 6 && piece.StartsWith("<0x", StringComparison.Ordinal) && byte.TryParse(piece.AsSpan(3, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value)
            ? [value]
            : Encoding.UTF8.GetBytes(piece.Replace(WordStart, ' '));
    }
}
