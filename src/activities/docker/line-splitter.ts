import { StringDecoder } from 'node:string_decoder';

/** A line longer than this is cut, so that output without line ends cannot fill the memory. */
const maxLineChars = 16 * 1024;

/** Turns chunks of bytes into lines; a chunk may end inside a character. */
export function createLineSplitter(onLine: (line: string) => void) {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const emit = (line: string) => {
    const text = line.trimEnd();
    if (text !== '') onLine(text);
  };
  return {
    push(chunk: Buffer): void {
      const lines = (rest + decoder.write(chunk)).split(/\r?\n|\r/);
      rest = lines.pop() ?? '';
      if (rest.length > maxLineChars) rest = rest.slice(0, maxLineChars);
      for (const line of lines) emit(line);
    },
    end(): void {
      emit(rest + decoder.end());
      rest = '';
    },
  };
}
