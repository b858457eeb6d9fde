import { expect, test } from 'vitest';
import { createDemultiplexer } from '../../../src/activities/docker/demultiplex.ts';

function frame(stream: number, text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

test('tells the two streams apart however the bytes arrive', () => {
  const seen = { stdout: '', stderr: '' };
  const push = createDemultiplexer((name, data) => {
    seen[name] += data.toString();
  });
  const bytes = Buffer.concat([frame(1, 'out'), frame(2, 'err'), frame(1, ''), frame(1, ' more')]);
  for (let i = 0; i < bytes.length; i += 3) push(bytes.subarray(i, i + 3));
  expect(seen).toEqual({ stdout: 'out more', stderr: 'err' });
});
