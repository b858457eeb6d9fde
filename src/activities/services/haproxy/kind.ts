import { z } from 'zod';
import { httpInContainer } from '../common/http.ts';
import { askMembers, interchangeable } from '../common/members.ts';
import { Port, readSettings, UrlPath } from '../common/settings.ts';
import { together } from '../common/together.ts';
import type { ServiceHandle, ServiceKind } from '../kind.ts';
import { recognize } from './recognize.ts';

/** Settings: where the statistics are, and the backends that must have a server (`primary,replica`). */
const Settings = z.strictObject({
  statsPort: Port.default(8404),
  statsPath: UrlPath.default('/stats;csv'),
  backends: z.string().default(''),
});

export interface Backend {
  readonly name: string;
  readonly up: boolean;
}

/** The lines of HAProxy's statistics that sum up a backend; columns are found by their titles. */
export function parseBackends(csv: string): readonly Backend[] {
  const [header = '', ...lines] = csv.trim().split('\n');
  const columns = header.replace(/^#\s*/, '').split(',');
  const [name, server, status] = ['pxname', 'svname', 'status'].map((t) => columns.indexOf(t));
  if (name === undefined || server === undefined || status === undefined || status < 0) return [];
  return lines
    .map((line) => line.split(','))
    .filter((fields) => fields[server] === 'BACKEND')
    .map((fields) => ({ name: fields[name] ?? '', up: fields[status]?.startsWith('UP') ?? false }));
}

interface Answer {
  readonly ok: boolean;
  readonly words: string;
  /** It answers, and a backend has no server. */
  readonly empty?: boolean;
}

async function ask(
  service: ServiceHandle,
  member: string,
  settings: z.infer<typeof Settings>,
): Promise<Answer> {
  const url = `http://127.0.0.1:${settings.statsPort}${settings.statsPath}`;
  const { status, body } = await httpInContainer(service, member, { url });
  if (status !== 200) return { ok: false, words: `no statistics on port ${settings.statsPort}` };
  const backends = parseBackends(body);
  const given = settings.backends.split(',').map((name) => name.trim());
  const wanted = settings.backends === '' ? backends.map(({ name }) => name) : given;
  const empty = wanted.filter((name) => !backends.some((b) => b.name === name && b.up));
  return empty.length === 0
    ? { ok: true, words: `servers behind ${wanted.join(', ')}` }
    : { ok: true, empty: true, words: `no server behind ${empty.join(', ')}` };
}

/**
 * A proxy is ready when it answers: what stands behind it may start later. It is healthy when each backend
 * has a server that is up.
 */
export const haproxy: ServiceKind = {
  kind: 'haproxy',
  recognize,
  settings: Settings,
  lifecycle: together,
  health: {
    async check(service) {
      const settings = readSettings(service, Settings);
      const empty: string[] = [];
      const verdicts = await askMembers(service, async (member) => {
        const answer = await ask(service, member, settings);
        if (answer.empty) empty.push(member);
        return answer;
      });
      const all = interchangeable(verdicts);
      return {
        ...all,
        healthy: all.healthy && empty.length === 0,
        unhealthy: [...(all.unhealthy ?? []), ...empty],
      };
    },
  },
};
