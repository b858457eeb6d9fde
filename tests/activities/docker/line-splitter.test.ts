import { expect, test } from 'vitest';
import { createLineSplitter } from '../../../src/activities/docker/line-splitter.ts';

test('joins lines and characters that arrive in pieces', () => {
  const lines: string[] = [];
  const splitter = createLineSplitter((line) => lines.push(line));
  const bytes = Buffer.from('größe\r\nzwei\nrest');
  for (const byte of bytes) splitter.push(Buffer.from([byte]));
  expect(lines).toEqual(['größe', 'zwei']);
  splitter.end();
  expect(lines).toEqual(['größe', 'zwei', 'rest']);
});

test('bounds a line without end', () => {
  const lines: string[] = [];
  const splitter = createLineSplitter((line) => lines.push(line));
  for (let i = 0; i < 10; i++) splitter.push(Buffer.alloc(10_000, 'x'));
  splitter.end();
  expect(lines[0]?.length).toBe(16 * 1024);
});
