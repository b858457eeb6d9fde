const headerBytes = 8;
const stderrStream = 2;

/** Splits Docker's multiplexed stream: an 8-byte header (stream, length) before each piece of output. */
export function createDemultiplexer(onOutput: (stream: 'stdout' | 'stderr', data: Buffer) => void) {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk: Buffer): void => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= headerBytes) {
      const length = rest.readUInt32BE(4);
      if (rest.length < headerBytes + length) return;
      const stream = rest[0] === stderrStream ? 'stderr' : 'stdout';
      onOutput(stream, rest.subarray(headerBytes, headerBytes + length));
      rest = rest.subarray(headerBytes + length);
    }
  };
}
