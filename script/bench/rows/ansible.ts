import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { type BenchWorld, inBenchWorld } from '../bench-world.ts';
import { costOfOneMore, type Figure, median, type Row, shown, sideBySide } from '../measure.ts';

const version = '2.19.14';
const tools = join(import.meta.dirname, '..', '..', '..', '.tools', 'bench');

/** Steps that do nothing against tasks that do nothing on localhost, both with their start-up left out. */
export const ansible: Row = {
  name: 'ansible',
  what: '20 steps against 20 tasks of ansible-playbook',
  measure: async (quick) => {
    const playbooks = await Playbooks.open();
    try {
      return await inBenchWorld((world) => compare(world, playbooks, quick));
    } finally {
      await playbooks.close();
    }
  },
};

async function compare(world: BenchWorld, playbooks: Playbooks, quick: boolean): Promise<Figure[]> {
  await world.steps('act-only', 20);
  await playbooks.run(1);
  const { ours, theirs } = await sideBySide(
    quick ? 1 : 3,
    () => costOfOneMore((n) => world.steps('act-only', n)),
    () => costOfOneMore((n) => playbooks.run(n)),
  );
  return [
    {
      what: '20 act-only steps, times faster than ansible-playbook',
      value: median(theirs) / median(ours),
      unit: 'x',
      budget: { atLeast: 15 },
      detail: `${shown(median(ours))} a step against ${shown(median(theirs))} a task of ansible-core ${version}`,
    },
  ];
}

/** Playbooks of so many tasks that do nothing, and the program that runs them. */
class Playbooks {
  private readonly program: string;
  private readonly folder: string;

  private constructor(program: string, folder: string) {
    this.program = program;
    this.folder = folder;
  }

  static async open(): Promise<Playbooks> {
    const program = await install();
    const folder = await mkdtemp(join(tmpdir(), 'rbtest-ansible-'));
    await writeFile(join(folder, 'ansible.cfg'), '');
    return new Playbooks(program, folder);
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  async run(tasks: number): Promise<void> {
    const file = join(this.folder, `${tasks}.json`);
    await writeFile(file, JSON.stringify([playbook(tasks, this.program)]));
    // Its first line names the Python of where it was installed, which may be another checkout.
    await execa(pythonOf(this.program), [this.program, '--inventory', 'localhost,', file], {
      cwd: this.folder,
      stdin: 'ignore',
      // Settings and collections of whoever runs the benchmark stay out.
      env: {
        HOME: this.folder,
        ANSIBLE_CONFIG: join(this.folder, 'ansible.cfg'),
        LC_ALL: 'C.UTF-8',
      },
    });
  }
}

const pythonOf = (program: string) => join(dirname(program), 'python');

const playbook = (tasks: number, program: string) => ({
  hosts: 'localhost',
  connection: 'local',
  gather_facts: false,
  // Named, so that it need not look for one.
  vars: { ansible_python_interpreter: pythonOf(program) },
  tasks: Array.from({ length: tasks }, (_, n) => ({
    name: `Task ${n + 1}`,
    'ansible.builtin.ping': {},
  })),
});

/** Into a folder of this checkout's tools, once; its Python is the machine's. */
async function install(): Promise<string> {
  const folder = join(tools, `ansible-core-${version}`);
  const program = join(folder, 'bin', 'ansible-playbook');
  if (existsSync(program)) return program;
  await rm(folder, { recursive: true, force: true });
  await mkdir(tools, { recursive: true });
  await execa('python3', ['-m', 'venv', folder]);
  await execa(join(folder, 'bin', 'pip'), ['install', '--quiet', `ansible-core==${version}`]);
  return program;
}
