import { askedUrl, recognizedBy } from '../common/signs.ts';

/** It has to win over the PostgreSQL that it runs, whose signs are there as well. */
export const recognize = recognizedBy({
  image: /^(?:.+[-_])?(?:patroni|spilo)(?:[-_]?\d[\w.]*)?$/,
  program: /^patroni(?!ctl)/,
  notProgram: /^patronictl$/,
  variable: /^(?:PATRONI_\w+|SPILO_\w+)$/,
  ports: [5432, 8008],
  mount: /\/(?:postgresql|pgdata)(?:\/|$)/,
  healthCheck: /\bpatroni|:8008\b/,
  settings: (seen) => {
    const asked = askedUrl(seen);
    const rest = asked === undefined ? {} : { restPort: asked.port, restScheme: asked.scheme };
    return asked === undefined || (asked.port === 8008 && asked.scheme === 'http')
      ? [{}, { restScheme: 'https' }]
      : [rest, {}];
  },
  grouped: true,
});
