import type { ColourMode } from '../shared/display-modes.ts';
import { plainStyle, type Style, styled } from './render/style.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The part of a Node stream that the CLI needs, so that tests can pass a recorder. */
export interface OutputStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** One output stream with everything that depends on where it leads. */
interface Sink {
  readonly stream: OutputStream;
  readonly isTTY: boolean;
  readonly style: Style;
  width(): number;
  height(): number;
}

export interface Terminal {
  /** The answer: tables, JSON, paths. */
  readonly stdout: Sink;
  /** Progress, questions, errors. */
  readonly stderr: Sink;
  /** Whether a question can be asked and answered. */
  readonly canAsk: boolean;
  /** Whether stderr may be redrawn in place. */
  readonly canRedraw: boolean;
}

interface TerminalFacts {
  readonly stdin: { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Environment;
  readonly colour: ColourMode;
  readonly input: boolean;
}

const narrowest = 40;
const defaultWidth = 80;

/** Colour is decided per stream: one may be a file while the other is a screen. */
export function wantsColour(flag: ColourMode, env: Environment, isTTY: boolean): boolean {
  if (flag !== 'auto') return flag === 'always';
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return isTTY && !env.NO_COLOR && env.TERM !== 'dumb';
}

function sink(stream: OutputStream, { env, colour }: TerminalFacts): Sink {
  const isTTY = stream.isTTY === true;
  return {
    stream,
    isTTY,
    style: wantsColour(colour, env, isTTY) ? styled : plainStyle,
    // A terminal that is being resized can report 0 columns.
    width: () => Math.max(narrowest, stream.columns || Number(env.COLUMNS) || defaultWidth),
    height: () => stream.rows || 24,
  };
}

export function createTerminal(facts: TerminalFacts): Terminal {
  const { env } = facts;
  const stderr = sink(facts.stderr, facts);
  return {
    stdout: sink(facts.stdout, facts),
    stderr,
    canAsk: facts.input && facts.stdin.isTTY === true && stderr.isTTY && env.TERM !== 'dumb',
    canRedraw: stderr.isTTY && !env.CI && env.TERM !== 'dumb',
  };
}
