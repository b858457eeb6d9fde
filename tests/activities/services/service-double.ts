import type { ExecOptions } from '../../../src/activities/docker/engine.ts';
import type { MemberFacts, ServiceHandle } from '../../../src/activities/services/kind.ts';

type Exec = (
  member: string,
  argv: readonly string[],
  options?: ExecOptions,
) => { stdout?: string; stderr?: string; exitCode?: number };

export interface ServiceDouble extends ServiceHandle {
  readonly commands: readonly (readonly [member: string, ...argv: string[]])[];
}

/** A running container; a test changes what it is about. */
export const running = (member: string, changes: Partial<MemberFacts> = {}): MemberFacts => ({
  member,
  containerId: `${member}-id`,
  running: true,
  state: 'running',
  exitCode: 0,
  restartsOnSuccess: false,
  restartCount: 0,
  startedAt: '2026-01-01T00:00:00Z',
  dockerHealth: 'none',
  addresses: [],
  ...changes,
});

export const ended = (member: string, exitCode: number): MemberFacts =>
  running(member, { running: false, state: 'exited', exitCode });

/** A service whose containers answer with recorded output: the one edge of a kind is `docker exec`. */
export function serviceDouble(
  facts: readonly MemberFacts[],
  exec: Exec = () => ({ exitCode: 127 }),
  settings: ServiceHandle['settings'] = {},
): ServiceDouble {
  const commands: [string, ...string[]][] = [];
  return {
    name: 'service',
    members: [...new Set(facts.map(({ member }) => member))],
    settings,
    commands,
    facts: async () => facts,
    exec: async (member, argv, options) => {
      commands.push([member, ...argv]);
      return { stdout: '', stderr: '', exitCode: 0, ...exec(member, argv, options) };
    },
  };
}

/** What curl prints in the script that asks from inside a container. */
export const curl = (status: number, body = '') => ({ stdout: `curl\n${body}\n${status}` });

/** The URL that such a command asks for. */
export const urlOf = (argv: readonly string[]): string => argv[4] ?? '';
/** The body that it sends. */
export const bodyOf = (argv: readonly string[]): string => argv[8] ?? '';
