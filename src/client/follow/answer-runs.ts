import { runTable } from '../render/run-table.ts';
import { standstillLines } from '../render/standstill.ts';
import type { RunRow, Runs } from '../runs/api.ts';
import { withTroubles } from '../runs/standstills.ts';
import { respond, type Session, warn } from '../session.ts';

/** Runs as a table or a list, and below it why open ones do not go on. */
export async function answerRuns(
  runs: Runs,
  rows: readonly RunRow[],
  session: Session,
): Promise<void> {
  const found = await withTroubles(runs, rows);
  respond(session, found, (width, style) =>
    found.length === 0 ? [] : runTable(found, session.clock.now(), width, style),
  );
  warnOfStandstills(found, session);
}

/** As JSON the answer itself says it. */
export function warnOfStandstills(rows: readonly RunRow[], session: Session): void {
  const { stderr } = session.terminal;
  if (session.settings.output !== 'text') return;
  const lines = standstillLines(rows, stderr.width(), stderr.style);
  warn(session, lines.length === 0 ? [] : ['', ...lines]);
}
