import { askedUrl, recognizedBy } from '../common/signs.ts';

export const recognize = recognizedBy({
  image: /^(?:.+[-_])?etcd(?:[-_]?\d[\w.]*)?$/,
  program: /^etcd$/,
  notProgram: /^etcdctl$/,
  variable: /^ETCD_(?:NAME|DATA_DIR|INITIAL_CLUSTER|LISTEN_CLIENT_URLS|ADVERTISE_CLIENT_URLS)$/,
  ports: [2379, 2380],
  mount: /\/etcd(?:[-_]data)?(?:\/|$)/,
  healthCheck: /\betcdctl\b|:2379\b/,
  settings: (seen) => {
    const asked = askedUrl(seen);
    return asked === undefined || (asked.port === 2379 && asked.scheme === 'http')
      ? [{}, { scheme: 'https' }]
      : [{ port: asked.port, scheme: asked.scheme }, {}];
  },
  grouped: true,
});
