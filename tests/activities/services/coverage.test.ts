import { expect, test } from 'vitest';
import { coverageOf } from '../../../src/activities/services/coverage.ts';
import { kinds } from '../../../src/activities/services/registry.ts';
import { parsePlatformFile } from '../../../src/shared/read-platform.ts';

const platform = parsePlatformFile(
  `schema: runbook.platform/v1
name: lab
compose: { project: lab }
services:
  store: { kind: etcd, members: [e1, e2] }
`,
  'platform.yaml',
);

test('every service stands there with what its kind can do, and what it cannot', () => {
  const { services, capabilities } = coverageOf(platform, [{ name: 'cron', kind: 'container' }]);
  expect(services).toEqual([
    {
      ...{ service: 'store', kind: 'etcd', members: ['e1', 'e2'], described: true },
      ...{ covered: ['health', 'lifecycle'], notCovered: ['credentials'] },
    },
    {
      ...{ service: 'cron', kind: 'container', members: ['cron'], described: false },
      ...{ covered: ['health', 'lifecycle'], notCovered: ['credentials'] },
    },
  ]);
  for (const { meaning } of capabilities) expect(meaning).not.toBe('');
});

test('a capability that a kind does not have is not covered, by name', () => {
  const etcd = kinds.find(({ kind }) => kind === 'etcd');
  const { lifecycle } = etcd ?? {};
  try {
    Object.assign(etcd ?? {}, { lifecycle: undefined });
    expect(coverageOf(platform).services).toMatchObject([
      { covered: ['health'], notCovered: ['lifecycle', 'credentials'] },
    ]);
  } finally {
    Object.assign(etcd ?? {}, { lifecycle });
  }
});
