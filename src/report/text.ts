const ellipsis = '…';
const encoder = new TextEncoder();

// biome-ignore lint/suspicious/noControlCharactersInRegex: output of tools carries colour codes
const ansi = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these would break the page or its JSON
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
/** Marks that change the reading direction: with them a line can read other than it is. */
const bidi = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/g;

/** Text from outside without colour codes, control characters and direction marks. */
export function plainText(text: string): string {
  return text
    .replace(ansi, '')
    .replace(/\r\n?/g, '\n')
    .replace(controls, '\ufffd')
    .replace(bidi, '\ufffd');
}

export function oneLine(text: string): string {
  return plainText(text).replace(/\s+/g, ' ').trim();
}

export function utf8Bytes(text: string): number {
  return encoder.encode(text).length;
}

/** The start of a text in at most `maxBytes`, never cut within a character. */
export function clip(text: string, maxBytes: number): string {
  // A character has at most 3 bytes per UTF-16 unit: short texts need no counting.
  if (text.length * 3 <= maxBytes || utf8Bytes(text) <= maxBytes) return text;
  return maxBytes < 3 ? '' : take(text, maxBytes - 3) + ellipsis;
}

/** The end of a text in at most `maxBytes`: the last lines of an output say why it failed. */
export function clipStart(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes || utf8Bytes(text) <= maxBytes) return text;
  if (maxBytes < 3) return '';
  const backwards = [...text.slice(-maxBytes)].reverse();
  let bytes = 3;
  let kept = 0;
  for (const character of backwards) {
    bytes += utf8Bytes(character);
    if (bytes > maxBytes) break;
    kept += 1;
  }
  return ellipsis + backwards.slice(0, kept).reverse().join('');
}

function take(text: string, maxBytes: number): string {
  let bytes = 0;
  let units = 0;
  for (const character of text) {
    bytes += utf8Bytes(character);
    if (bytes > maxBytes) break;
    units += character.length;
  }
  return text.slice(0, units);
}

/** `1 step`, `3 steps`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
