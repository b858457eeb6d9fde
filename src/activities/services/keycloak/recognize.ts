import { recognizedBy } from '../common/signs.ts';

/** Its readiness has to be switched on; a realm that is always there answers without. */
export const recognize = recognizedBy({
  image: /^(?:.+[-_])?keycloak(?:[-_]?\d[\w.]*)?$/,
  program: /^(?:kc\.sh|keycloak(?:-server)?)$/,
  notProgram: /^kcadm(?:\.sh)?$/,
  variable: /^(?:KC_\w+|KEYCLOAK_(?:ADMIN|ADMIN_PASSWORD|USER))$/,
  ports: [8080, 8443, 9000],
  healthCheck: /\/health\/ready\b/,
  settings: () => [
    {},
    { scheme: 'https' },
    { port: 8080 },
    { port: 8080, path: '/realms/master' },
    { port: 8443, path: '/realms/master', scheme: 'https' },
  ],
});
