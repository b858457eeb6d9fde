import { join } from 'node:path';
import { execa } from 'execa';
import { compared, type Row, sideBySide, timeMs } from '../measure.ts';

const launcher = join(import.meta.dirname, '..', '..', '..', 'bin', 'runbook');
const run = (file: string, args: readonly string[]) => execa(file, args, { stdio: 'ignore' });

/** How long a person waits for the command line to say anything at all. */
export const help: Row = {
  name: 'help',
  what: 'start-up of the command line',
  measure: async (quick) => {
    await run(launcher, ['--help']);
    const pair = await sideBySide(
      quick ? 3 : 20,
      () => timeMs(() => run(launcher, ['--help'])),
      () => timeMs(() => run(process.execPath, ['-e', '0'])),
    );
    return [compared('runbook --help', 'node -e 0', pair, 2.5)];
  },
};
