import { condition, defineUpdate, setHandler } from '@temporalio/workflow';
import { messages } from '../../shared/messages.ts';
import type { HoldRequest } from '../../shared/run-state.ts';
import type { Progress } from './progress.ts';
import { requireText } from './update-input.ts';

const holdUpdate = defineUpdate<string, [HoldRequest]>(messages.hold);
const releaseUpdate = defineUpdate<string, [HoldRequest]>(messages.release);

const example = '{"by": "ann", "why": "incident on the network"}';
const holdable = new Set([
  ...['waiting-for-approval', 'waiting-for-lock', 'planning', 'running', 'parked'],
]);

/**
 * Lets a run stand still between two steps: what is under way ends, nothing new begins. The server's own pause
 * is not used, because a paused workflow answers nobody.
 */
export class Hold {
  private readonly progress: Progress;

  constructor(progress: Progress) {
    this.progress = progress;
    setHandler(holdUpdate, (request) => this.take('hold', request), {
      validator: (request) => {
        requireText(request, ['by', 'why'], example);
        if (progress.hold) throw new Error(`the run is held already, by ${progress.hold.by}`);
        const { state } = progress.state();
        if (!holdable.has(state)) throw new Error(`a run that is ${state} cannot be held`);
      },
      description: 'Let no new step begin: {by, why}',
    });
    setHandler(releaseUpdate, (request) => this.take('release', request), {
      validator: (request) => {
        requireText(request, ['by', 'why'], example);
        if (!progress.hold) throw new Error('the run is not held');
      },
      description: 'Go on after a hold: {by, why}',
    });
  }

  private take(action: 'hold' | 'release', { by, why }: HoldRequest): string {
    this.progress.decide({ action, by, why });
    this.progress.setHold(action === 'hold' ? { by, why } : undefined);
    return action === 'hold' ? 'no new step begins' : 'the run goes on';
  }

  /** Asked before each step; returns at once unless the run is held. */
  async wait(): Promise<void> {
    const { progress } = this;
    if (!progress.hold) return;
    const { state } = progress.state();
    progress.enter('held');
    await condition(() => progress.hold === undefined);
    if (progress.state().state === 'held') progress.enter(state === 'held' ? 'running' : state);
  }
}
