import { roleAccount } from '../common/postgresql/role-account.ts';
import { actAsSuperuser, identifySystem, readFiles } from '../common/postgresql/uses.ts';
import type { Credentials } from '../credentials.ts';
import { reconnectReplicas } from './replicas.ts';
import { restAccount } from './rest-account.ts';
import { servers } from './servers.ts';
import { systemAccount } from './system-account.ts';

const superuser = systemAccount({
  title: "PostgreSQL's superuser",
  role: 'postgres',
  database: 'postgres',
  use: actAsSuperuser,
});

const replication = systemAccount({
  title: 'the role that replicas stream with',
  role: 'replicator',
  use: identifySystem,
});

const rewind = systemAccount({
  title: 'the role that pg_rewind works with',
  role: 'rewind_user',
  database: 'postgres',
  use: readFiles,
});

export const credentials: Credentials = {
  types: {
    role: roleAccount(servers),
    superuser,
    replication: {
      ...replication,
      cost: 'every replica ends its stream and connects again',
      settle: async (target, login, openedBefore) => ({
        words: await reconnectReplicas(
          target,
          login || replication.nextLogin(target, undefined, ''),
          openedBefore,
        ),
      }),
    },
    rewind,
    rest: restAccount,
  },
};
