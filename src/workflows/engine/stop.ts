import {
  CancellationScope,
  CancelledFailure,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import { messages } from '../../shared/messages.ts';
import type { StopMode } from '../../shared/run-request.ts';
import type { StopRequest } from '../../shared/run-state.ts';
import type { Progress } from './progress.ts';
import { requireText } from './update-input.ts';

const stopUpdate = defineUpdate<string, [StopRequest]>(messages.stop);

const example = '{"mode": "undo", "by": "ann", "why": "wrong platform"}';
/** Not the list of run-request.ts: that would bring its schema, and all of zod, into every workflow. */
const modes = Object.keys({ here: true, undo: true } satisfies Record<StopMode, true>);
const stoppable = new Set([
  'waiting-for-approval',
  'waiting-for-lock',
  'planning',
  'running',
  'parked',
  'held',
]);

/** The scope that a run's body runs in, and the update that ends it. */
export class Stop {
  readonly scope = new CancellationScope();
  request: StopRequest | undefined;
  private closed = false;

  constructor(progress: Progress) {
    setHandler(
      stopUpdate,
      (request) => {
        this.request = request;
        const { mode, by, why } = request;
        progress.decide({ action: `stop-${mode}`, by, why });
        this.scope.cancel();
        return `stopping (${mode})`;
      },
      {
        validator: (request) => {
          requireText(request, ['mode', 'by', 'why'], example);
          if (!modes.includes(request.mode)) {
            throw new Error(`unknown mode ${request.mode}: use one of ${modes.join(', ')}`);
          }
          if (this.request) throw new Error('the run is being stopped already');
          const { state } = progress.state();
          if (!stoppable.has(state)) throw new Error(`a run that is ${state} cannot be stopped`);
          if (this.closed) throw new Error('the run is ending and cannot be stopped');
        },
        description: 'Stop the run: {mode: undo|here, by, why}',
      },
    );
  }

  /** A body that was cancelled in its last act may end well all the same: what was promised is kept. */
  throwIfCancelled(): void {
    if (this.scope.consideredCancelled) throw new CancelledFailure('stopped');
  }

  /** From here on it is too late. */
  close(): void {
    this.closed = true;
  }
}
