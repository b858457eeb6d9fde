import { createLogUpdate } from 'log-update';
import type { RunState } from '../../shared/run-state.ts';
import { factLines } from '../render/error.ts';
import { runFrame } from '../render/run-frame.ts';
import type { Session } from '../session.ts';
import type { View } from './view.ts';

const redrawMs = 250;

/** The run drawn in place on stderr; its clock ticks between two looks. */
export function liveView({ terminal, clock }: Session): View {
  const { stderr } = terminal;
  const { style } = stderr;
  const draw = createLogUpdate(stderr.stream as NodeJS.WriteStream);
  let state: RunState | undefined;
  let warningIn: (width: number) => readonly string[] = () => [];
  const redraw = () => {
    const width = stderr.width() - 1;
    const warning = warningIn(width);
    // One line stays free for the cursor, so that a full screen does not scroll.
    const height = stderr.height() - 1 - warning.length;
    const frame =
      state === undefined ? [] : runFrame(state, { width, height, now: clock.now(), style });
    draw([...frame, ...warning].join('\n'));
  };
  const ticking = setInterval(redraw, redrawMs);
  return {
    show(next) {
      state = next;
      redraw();
    },
    away(error, run) {
      warningIn = (width) => [
        ...(state === undefined ? [] : ['']),
        ...factLines('warning', error, { run }, width, style),
        '  the run is durable: still looking',
      ];
      redraw();
    },
    back() {
      warningIn = () => [];
      redraw();
    },
    close(last) {
      clearInterval(ticking);
      if (last === 'goes') draw.clear();
      else redraw();
      draw.done();
    },
  };
}
