import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CommandError } from '../../../src/client/errors.ts';
import { type Choice, chooseProject, type View } from '../../../src/client/init/choose.ts';
import type { FoundProject } from '../../../src/client/local/discovery.ts';
import type { Session } from '../../../src/client/session.ts';

let root = '';
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'rbtest-choose-')));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Files of a folder below the root, empty unless there is something to say in them. */
async function folder(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const path = join(root, name);
  await mkdir(path, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(path, file), text);
  return path;
}

const project = (name: string, changes: Partial<FoundProject> = {}): FoundProject => ({
  ...{ name, directory: join(root, name), files: [join(root, name, 'compose.yaml')] },
  ...{ envFiles: [], containers: 2, running: 2 },
  ...changes,
});

const nobody = () => ({ cwd: root, terminal: { canAsk: false } }) as Session;

const choose = (choice: Partial<Choice>, projects: readonly FoundProject[]) =>
  chooseProject({ composeFiles: [], ...choice }, { projects, others: [] }, nobody());
const away: View = {
  away: new CommandError('RB_DOCKER_UNREACHABLE', 'the Docker engine does not answer', {
    ...{ why: 'x', fix: 'y' },
  }),
};

describe('the project of a folder', () => {
  test('is the one whose containers were made in it, links or not', async () => {
    const shop = await folder('shop', { 'compose.yaml': '', 'compose.prod.yaml': '', '.env': '' });
    await symlink(shop, join(root, 'link'));
    const files = ['compose.yaml', 'compose.prod.yaml'].map((file) => join(shop, file));
    const target = await choose({ folder: 'link' }, [
      project('other'),
      project('acme', { directory: shop, files }),
    ]);
    expect(target).toMatchObject({
      ...{ project: 'acme', directory: shop, hasContainers: true, envFile: '.env' },
      files: ['compose.yaml', 'compose.prod.yaml'],
    });
  });

  test('without containers is what Compose would take', async () => {
    const shop = await folder('My Shop', {
      'docker-compose.yml': 'services: {}\n',
      'docker-compose.override.yml': '',
    });
    expect(await choose({ folder: shop }, [])).toMatchObject({
      ...{ project: 'myshop', hasContainers: false },
      files: ['docker-compose.yml', 'docker-compose.override.yml'],
    });
    await writeFile(join(shop, 'compose.yaml'), 'name: acme\n');
    expect(await choose({ folder: shop }, [])).toMatchObject({
      ...{ project: 'acme', files: ['compose.yaml', 'docker-compose.override.yml'] },
    });
    await writeFile(
      join(shop, '.env'),
      'COMPOSE_PROJECT_NAME=store\nCOMPOSE_FILE=a.yaml:compose.yaml\nCOMPOSE_PROFILES=x,y\nSECRET=s\n',
    );
    expect(await choose({ folder: shop }, [])).toMatchObject({
      ...{ project: 'store', files: ['a.yaml', 'compose.yaml'], profiles: ['x', 'y'] },
    });
  });

  test('is found while Docker is away, and without files Docker is missed', async () => {
    const shop = await folder('shop', { 'compose.yaml': '' });
    const blind = (choice: Partial<Choice>) =>
      chooseProject({ composeFiles: [], ...choice }, away, nobody());
    expect(await blind({ folder: shop })).toMatchObject({ project: 'shop' });
    await expect(blind({})).rejects.toMatchObject({ code: 'RB_DOCKER_UNREACHABLE' });
  });

  test('takes the containers of its name, for Compose does', async () => {
    const shop = await folder('shop', { 'compose.yaml': '' });
    const moved = project('shop', { directory: '/gone', files: ['/gone/compose.yaml'] });
    expect(await choose({ folder: shop }, [moved])).toMatchObject({
      ...{ directory: shop, hasContainers: true, files: ['compose.yaml'] },
    });
  });
});

describe('several projects', () => {
  test('are listed where nobody can be asked, and one is named', async () => {
    const shop = await folder('shop', { 'compose.yaml': '' });
    const both = [project('queue'), project('shop')];
    await expect(choose({}, both)).rejects.toMatchObject({
      code: 'RB_INIT_WHICH_PROJECT',
      why: expect.stringContaining(`shop: 2 of 2 containers running, made in ${shop}`),
    });
    expect(await choose({ project: 'shop' }, both)).toMatchObject({ directory: shop });
    await expect(choose({ project: 'shpo' }, both)).rejects.toMatchObject({
      code: 'RB_INIT_NO_PROJECT',
      why: expect.stringContaining('did you mean "shop"?'),
    });
  });

  test('elsewhere are none of a folder that was named', async () => {
    const empty = await folder('empty', {});
    await expect(choose({ folder: empty }, [project('shop')])).rejects.toMatchObject({
      code: 'RB_INIT_NO_PROJECT',
    });
  });
});

test('containers that Compose did not make are named', async () => {
  const view: View = { projects: [], others: ['task (a Swarm service)'] };
  await expect(chooseProject({ composeFiles: [] }, view, nobody())).rejects.toMatchObject({
    code: 'RB_INIT_NO_PROJECT',
    why: expect.stringContaining('made by other means: task (a Swarm service)'),
  });
});

describe('what a project was made from', () => {
  test('that is gone is refused by name', async () => {
    await folder('shop', {});
    await expect(choose({ project: 'shop' }, [project('shop')])).rejects.toMatchObject({
      ...{ code: 'RB_COMPOSE_FILE_MISSING', message: expect.stringContaining('compose.yaml') },
    });
  });

  test('that it does not say has to be given', async () => {
    const bare = project('bare', { directory: '', files: [] });
    await expect(choose({ project: 'bare' }, [bare])).rejects.toMatchObject({
      code: 'RB_INIT_ORIGIN_UNKNOWN',
    });
    const shop = await folder('shop', { 'compose.yaml': '' });
    expect(await choose({ project: 'bare', folder: shop }, [bare])).toMatchObject({
      ...{ project: 'bare', directory: shop, hasContainers: true },
    });
  });

  test('outside its folder, or with a name that cannot be written, is refused', async () => {
    await folder('base', { 'compose.yaml': '' });
    await folder('shop', { 'compose file.yaml': '' });
    for (const file of ['base/compose.yaml', 'shop/compose file.yaml']) {
      const files = [join(root, file)];
      await expect(choose({ project: 'shop' }, [project('shop', { files })])).rejects.toMatchObject(
        { code: 'RB_INIT_FILE_OUTSIDE' },
      );
    }
  });

  test('tells of environment files that a platform cannot have', async () => {
    const shop = await folder('shop', { 'compose.yaml': '', 'a.env': '', 'b.env': '' });
    const envFiles = [join(shop, 'a.env'), join(shop, 'b.env'), join(root, 'gone.env')];
    expect(await choose({ project: 'shop' }, [project('shop', { envFiles })])).toMatchObject({
      ...{ envFile: 'a.env', otherEnvFiles: ['b.env', '../gone.env'] },
    });
  });
});

test('a folder that is none is refused', async () => {
  await folder('shop', { 'compose.yaml': '' });
  for (const [name, why] of [
    ['nowhere', 'nothing of that name is there'],
    ['shop/compose.yaml', 'it is a file'],
  ]) {
    await expect(choose({ folder: name }, [])).rejects.toMatchObject({
      ...{ code: 'RB_FILE_UNREADABLE', why },
    });
  }
});
