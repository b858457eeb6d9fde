import { recognizedBy } from '../common/signs.ts';

export const recognize = recognizedBy({
  image: /^(?:.+[-_])?nessie(?:[-_]?\d[\w.]*)?$/,
  program: /^nessie(?:-server)?$/,
  variable: /^NESSIE_\w+$/,
  ports: [19_120],
  healthCheck: /\/q\/health\/\w+|:19120\b/,
  settings: () => [{}, { port: 19_120 }, { port: 19_120, path: '/api/v2/config' }],
});
