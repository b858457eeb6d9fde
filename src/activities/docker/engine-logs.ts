import type Docker from 'dockerode';
import { createDemultiplexer } from './demultiplex.ts';
import { createLineSplitter } from './line-splitter.ts';

export interface LogOptions {
  readonly since?: Date;
  /** Only the last lines. */
  readonly tail?: number;
  readonly maxBytes?: number;
}

export interface LogLine {
  /** ISO 8601 with Docker's nanoseconds. */
  readonly at: string;
  readonly text: string;
}

export interface ContainerLog {
  readonly lines: readonly LogLine[];
  /** True when the limit was reached and later lines were not read. */
  readonly cut: boolean;
}

const defaultBytes = 8 * 1024 * 1024;

/** Colour codes would hide words from a search and disturb a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const ansi = /\u001b\[[0-9;]*[A-Za-z]/g;

function parseLine(line: string): LogLine {
  const space = line.indexOf(' ');
  return space < 0
    ? { at: line, text: '' }
    : { at: line.slice(0, space), text: line.slice(space + 1).replace(ansi, '') };
}

/** Reads a container's log as a stream, for a big one would not fit into memory at once. */
export async function readLog(docker: Docker, id: string, options: LogOptions) {
  const { Config } = await docker.getContainer(id).inspect();
  const limit = options.maxBytes ?? defaultBytes;
  const lines: LogLine[] = [];
  const split = () => createLineSplitter((line) => lines.push(parseLine(line)));
  const splitters = { stdout: split(), stderr: split() };
  const push = Config.Tty
    ? (chunk: Buffer) => splitters.stdout.push(chunk)
    : createDemultiplexer((name, data) => splitters[name].push(data));
  const stream = await openLog(docker, id, options);
  let bytes = 0;
  let cut = false;
  for await (const chunk of stream) {
    bytes += (chunk as Buffer).length;
    push(chunk as Buffer);
    if (bytes >= limit) {
      cut = true;
      break; // leaving the loop closes the connection
    }
  }
  splitters.stdout.end();
  splitters.stderr.end();
  return { lines: lines.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)), cut };
}

/** The library's own `logs` buffers everything unless it follows; this asks for a stream. */
function openLog(docker: Docker, id: string, options: LogOptions): Promise<NodeJS.ReadableStream> {
  const query = {
    stdout: true,
    stderr: true,
    timestamps: true,
    tail: options.tail ?? 'all',
    ...(options.since === undefined ? {} : { since: (options.since.getTime() / 1000).toFixed(3) }),
  };
  return new Promise((resolve, reject) => {
    docker.modem.dial(
      {
        path: `/containers/${id}/logs?`,
        method: 'GET',
        isStream: true,
        statusCodes: { 200: true, 404: 'no such container', 500: 'server error' },
        options: query,
      },
      (error: unknown, data: unknown) =>
        error ? reject(error) : resolve(data as NodeJS.ReadableStream),
    );
  });
}
