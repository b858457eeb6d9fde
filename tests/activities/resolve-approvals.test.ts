import { expect, test } from 'vitest';
import type { RunRequest } from '../../src/shared/run-request.ts';
import { resolvingHost } from './support/resolving-host.ts';

/** Resolves a run of `deploy` on a host whose platform has this section. */
const resolveOn = (approvals: object | undefined, request?: RunRequest, scheduled?: boolean) =>
  resolvingHost({ approvals }).resolve(request, scheduled);

const always = { always: { runbooks: ['deploy'] } };

test('pins what the platform demands', async () => {
  const { approvals } = await resolveOn(always, { meta: { by: 'ann' } });
  expect(approvals).toMatchObject({ atStart: true, required: 1, starterMayApprove: false });
  expect(await resolveOn(undefined)).not.toHaveProperty('approvals');
});

test('where the starter may not approve, a run has to say who that is', async () => {
  await expect(resolveOn(always)).rejects.toMatchObject({ code: 'RB_STARTER_UNKNOWN' });
  await expect(resolveOn(always, { meta: { by: ' ' } })).rejects.toMatchObject({
    code: 'RB_STARTER_UNKNOWN',
  });
  await expect(resolveOn({ ...always, starterMayApprove: true })).resolves.toBeDefined();
  await expect(resolveOn({ required: 1 })).resolves.toBeDefined();
  await expect(resolveOn(always, { options: { plan: true } })).resolves.toBeDefined();
  await expect(resolveOn(always, {}, true)).resolves.toMatchObject({ trigger: 'schedule' });
});

test('a misspelt runbook would run without its approval, so the worker refuses the file', async () => {
  const misspelt = resolveOn({ always: { runbooks: ['deplyo'] } });
  await expect(misspelt).rejects.toMatchObject({
    code: 'RB_FILE_INVALID',
    why: expect.stringMatching(/platform\.yaml:1:\d+ approvals\.always\.runbooks\[0\].*"deploy"\?/),
  });
});
