import { z } from 'zod';
import type { Health, ServiceHandle, ServiceKind } from '../kind.ts';
import { httpInContainer } from './http.ts';
import { askMembers, interchangeable } from './members.ts';
import { Port, readSettings, UrlPath } from './settings.ts';

export interface HttpDefaults {
  readonly port?: number;
  readonly path: string;
  readonly scheme: 'http' | 'https';
}

/** Settings: `port`, `path`, `scheme`, and `contains`, a text that the answer must have. */
const schemaFor = (defaults: HttpDefaults) =>
  z.strictObject({
    port: defaults.port === undefined ? Port : Port.default(defaults.port),
    path: UrlPath.default(defaults.path),
    scheme: z.enum(['http', 'https']).default(defaults.scheme),
    contains: z.string().optional(),
  });

/**
 * For a service that answers for itself over HTTP: it is asked in each of its containers. `more` are settings that
 * the kind reads for other ends.
 */
export function askedOverHttp(
  defaults: HttpDefaults,
  more: z.ZodRawShape = {},
): Pick<ServiceKind, 'settings' | 'health'> {
  const settings = schemaFor(defaults);
  const ownSettings = settings.strip();
  const health: Health = {
    async check(service: ServiceHandle) {
      const { port, path, scheme, contains } = readSettings(service, ownSettings);
      const verdicts = await askMembers(service, async (member) => {
        const url = `${scheme}://127.0.0.1:${port}${path}`;
        const { status, body } = await httpInContainer(service, member, { url });
        if (status === 0) return { ok: false, words: `no answer on port ${port}` };
        const words = `${status} on :${port}${path}`;
        if (status < 200 || status > 399) return { ok: false, words };
        if (contains !== undefined && !body.includes(contains)) {
          return { ok: false, words: `${words}, without ${JSON.stringify(contains)}` };
        }
        return { ok: true, words };
      });
      return interchangeable(verdicts);
    },
  };
  return { settings: settings.extend(more), health };
}
