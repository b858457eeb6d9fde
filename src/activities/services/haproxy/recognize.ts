import { askedUrl, recognizedBy } from '../common/signs.ts';
import type { Settings, Sighting } from '../recognition.ts';

const usual = { statsPort: 8404, statsPath: '/stats;csv' } as const;
const paths = [usual.statsPath, '/;csv', '/haproxy?stats;csv'];

/** Where its statistics are is for whoever wrote its configuration: the usual places, on the ports that it has. */
function places(seen: Sighting): readonly [Settings, ...Settings[]] {
  const asked = askedUrl(seen)?.port;
  const ports = new Set([...(asked === undefined ? [] : [asked]), usual.statsPort, ...seen.ports]);
  const [first = {}, ...others] = [...ports].flatMap((port) =>
    paths.map((path) => ({
      ...(port === usual.statsPort ? {} : { statsPort: port }),
      ...(path === usual.statsPath ? {} : { statsPath: path }),
    })),
  );
  return [first, ...others];
}

export const recognize = recognizedBy({
  image: /^(?:.+[-_])?haproxy(?:[-_]?\d[\w.]*)?$/,
  program: /^haproxy$/,
  variable: /^HAPROXY_\w+$/,
  ports: [8404],
  mount: /\/haproxy(?:\/|$)/,
  healthCheck: /:8404\b/,
  settings: places,
});
