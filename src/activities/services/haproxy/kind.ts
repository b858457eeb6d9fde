import { z } from 'zod';
import { httpInContainer } from '../common/http.ts';
import { askMembers, interchangeable } from '../common/members.ts';
import { readSettings } from '../common/settings.ts';
import { together } from '../common/together.ts';
import type { ServiceHandle, ServiceKind } from '../kind.ts';

/** Settings: where the statistics are, and the backends that must have a server (`primary,replica`). */
const Settings = z.object({
  statsPort: z.coerce.number().int().default(8404),
  statsPath: z.string().startsWith('/').default('/stats;csv'),
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

async function ask(service: ServiceHandle, member: string, settings: z.infer<typeof Settings>) {
  const url = `http://127.0.0.1:${settings.statsPort}${settings.statsPath}`;
  const { status, body } = await httpInContainer(service, member, { url });
  if (status !== 200) return { ok: false, words: `no statistics on port ${settings.statsPort}` };
  const backends = parseBackends(body);
  const wanted = settings.backends
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const missing = wanted.filter((name) => !backends.some((backend) => backend.name === name));
  const down = backends
    .filter(({ name, up }) => !up && (wanted.length === 0 || wanted.includes(name)))
    .map(({ name }) => name);
  const bad = [...missing, ...down];
  if (bad.length > 0) return { ok: false, words: `no server behind ${bad.join(', ')}` };
  return {
    ok: true,
    words: `servers behind ${(wanted.length ? wanted : backends.map((b) => b.name)).join(', ')}`,
  };
}

/** A proxy is only as well as what stands behind it: each backend has a server that is up. */
export const haproxy: ServiceKind = {
  kind: 'haproxy',
  lifecycle: together,
  health: {
    async check(service) {
      const settings = readSettings(service, Settings);
      return interchangeable(await askMembers(service, (member) => ask(service, member, settings)));
    },
  },
};
