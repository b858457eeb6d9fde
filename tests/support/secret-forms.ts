/** A half that is as long as this is told from all other texts; what is shorter is searched for as a whole. */
const halfLength = 12;

/**
 * A value as it is, and as other texts carry it: in base64 wherever it begins in what was encoded, in hex, JSON, HTML,
 * an URL; read as bytes as well. Of a long one each half counts: a text may be cut, and a database keeps it in pages.
 */
export function formsOf(value: string): readonly string[] {
  const middle = Math.floor(value.length / 2);
  const pieces = middle < halfLength ? [value] : [value.slice(0, middle), value.slice(middle)];
  return [...new Set(pieces.flatMap(formsOfPiece))];
}

function formsOfPiece(piece: string): readonly string[] {
  const bytes = Buffer.from(piece);
  const hex = bytes.toString('hex');
  const texts = [piece, JSON.stringify(piece).slice(1, -1), inMarkup(piece)];
  const asUrl = piece.isWellFormed() ? [encodeURIComponent(piece)] : [];
  const base64 = base64Of(bytes);
  return [
    ...[...texts, ...asUrl, hex, hex.toUpperCase()],
    ...texts.map((text) => Buffer.from(text).toString('latin1')),
    ...[...base64, ...base64.map(inUrlAlphabet)],
  ];
}

/** The characters that these bytes alone decide, for each of the three places in a group where they may begin. */
function base64Of(bytes: Buffer): readonly string[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const first = Math.ceil((shift * 8) / 6);
    return text.slice(first, Math.floor(((shift + bytes.length) * 8) / 6));
  });
}

const inUrlAlphabet = (base64: string) => base64.replaceAll('+', '-').replaceAll('/', '_');

const inMarkup = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
