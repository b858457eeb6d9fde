import { askedUrl, recognizedBy } from '../common/signs.ts';
import type { Settings } from '../recognition.ts';

const path = '/minio/health/cluster';

export const recognize = recognizedBy({
  image: /^(?:.+[-_])?minio(?:[-_]?\d[\w.]*)?$/,
  program: /^minio(?:-server)?$/,
  notProgram: /^mc$/,
  variable: /^MINIO_(?:ROOT_USER|ROOT_PASSWORD|ROOT_PASSWORD_FILE|VOLUMES|ACCESS_KEY|SECRET_KEY)$/,
  ports: [9000],
  healthCheck: /\/minio\/health\/\w+|\bmc ready\b/,
  settings: (seen) => {
    const asked = askedUrl(seen);
    const usual: Settings = {};
    const secure: Settings = { scheme: 'https' };
    if (asked === undefined || asked.port === 9000) {
      return asked?.scheme === 'https' ? [secure, usual] : [usual, secure];
    }
    return [{ port: asked.port, path, scheme: asked.scheme }, usual];
  },
  grouped: true,
});
