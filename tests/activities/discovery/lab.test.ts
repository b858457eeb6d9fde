import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { discover } from '../../../src/activities/discovery/discover.ts';
import { createComposeCli } from '../../../src/activities/docker/compose-cli.ts';
import { membersOf } from '../../../src/shared/platform-file.ts';
import { parsePlatformFile } from '../../../src/shared/read-platform.ts';
import { dockerDouble } from '../docker-double.ts';

const directory = join(import.meta.dirname, '../../../compose/lab');

test("the lab's compose files alone give what its platform file says by hand", async () => {
  const { services } = await discover(
    {
      machine: { look: async () => ({ projects: [], others: [] }), inspect: async () => [] },
      engine: dockerDouble('lab').engine,
      compose: createComposeCli(),
    },
    {
      ...{ project: 'lab', directory, files: [join(directory, 'compose.yaml')], profiles: [] },
      ...{ hasContainers: false, ask: true },
    },
  );
  const text = await readFile(join(directory, 'platform.yaml'), 'utf8');
  const platform = parsePlatformFile(text, 'platform.yaml');
  const byMembers = (members: readonly string[], kind: string) => `${members.join('+')}: ${kind}`;
  expect(services.map(({ members, kind }) => byMembers(members, kind)).sort()).toEqual(
    Object.entries(platform.services)
      .map(([name, service]) => byMembers(membersOf(name, service), service.kind))
      .sort(),
  );
});
