import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { stateDirectory } from '../local/paths.ts';
import { type Check, fail, ok, warn } from './check.ts';
import { commandOutput } from './command-output.ts';

const GiB = 1024 ** 3;
const littleGiB = 5;
const tooLittleGiB = 1;
/** The oldest Engine API that the adapters speak. */
const oldestApi = 1.41;

export const node: Check = async () => {
  const { node: version } = process.versions;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isEnough = major > 22 || (major === 22 && minor >= 22);
  return isEnough ? ok('Node', version) : fail('Node', version, 'install Node >= 22.22');
};

export const docker: Check = async ({ session }) => {
  const name = 'Docker engine';
  const format = '{{.Server.Version}} {{.Server.APIVersion}}';
  const result = await commandOutput('docker', ['version', '--format', format], session.env);
  if ('error' in result) return fail(name, result.error, 'start the Docker engine');
  const [version, api = ''] = result.text.split(' ');
  const observed = `${version}, API ${api}`;
  const [major = 0, minor = 0] = api.split('.').map(Number);
  const isEnough = major + minor / 100 >= oldestApi;
  return isEnough ? ok(name, observed) : fail(name, observed, 'update the engine to >= 20.10');
};

export const compose: Check = async ({ session }) => {
  const name = 'Docker Compose';
  const result = await commandOutput('docker', ['compose', 'version', '--short'], session.env);
  if ('error' in result) return fail(name, result.error, 'install the Compose plugin, >= 2.20');
  const [major = 0, minor = 0] = result.text.replace(/^v/, '').split('.').map(Number);
  const isEnough = major > 2 || (major === 2 && minor >= 20);
  return isEnough ? ok(name, result.text) : fail(name, result.text, 'update Compose to >= 2.20');
};

export const disk: Check = async ({ session }) => {
  const name = 'disk space';
  const place = await existingParent(stateDirectory(session.env));
  const { bavail, bsize } = await statfs(place);
  const freeGiB = (bavail * bsize) / GiB;
  const observed = `${freeGiB.toFixed(1)} GiB free at ${place}`;
  const fix = 'free some, or move the state with RUNBOOK_STATE_DIR';
  if (freeGiB < tooLittleGiB) return fail(name, observed, fix);
  return freeGiB < littleGiB ? warn(name, observed, fix) : ok(name, observed);
};

export const state: Check = async ({ session }) => {
  const name = 'state directory';
  const directory = stateDirectory(session.env);
  const facts = await stat(directory).catch(() => undefined);
  const place = facts === undefined ? await existingParent(directory) : directory;
  const isWritable = await access(place, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!isWritable)
    return fail(name, `${place} is not writable`, 'choose one with RUNBOOK_STATE_DIR');
  if (facts === undefined) return ok(name, `${directory} (made at the first start)`);
  const mode = facts.mode & 0o777;
  if ((mode & 0o077) === 0) return ok(name, directory);
  const observed = `${directory} can be read by others (mode ${mode.toString(8)})`;
  return warn(name, observed, `chmod 700 ${directory}`);
};

async function existingParent(path: string): Promise<string> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  return isThere || path === dirname(path) ? path : existingParent(dirname(path));
}
