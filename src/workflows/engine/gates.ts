import {
  condition,
  currentUpdateInfo,
  defineUpdate,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import {
  type ApprovalRules,
  answerProblem,
  anyoneMayApprove,
  type GateAction,
  type GateOrder,
  type GateRecord,
  gateActions,
  isApprover,
  validApprovals,
} from '../../shared/gate.ts';
import { limits } from '../../shared/limits.ts';
import { messages } from '../../shared/messages.ts';
import type { Plan } from '../../shared/report.ts';
import type { ResolvedRun } from '../../shared/resolved-run.ts';
import { gateNews, notApproved, planKeepsChanging } from './gate-words.ts';
import { type Run, toTheEnd } from './run.ts';
import { requireText } from './update-input.ts';

const updates = {
  approve: defineUpdate<string, [GateOrder]>(messages.approve),
  reject: defineUpdate<string, [GateOrder]>(messages.reject),
};
const example = '{"gate": "start", "digest": "9f86d081...", "by": "ann", "why": "read the plan"}';

type Guarded = Pick<GateRecord, 'id' | 'title' | 'risk'>;

/** Where the run waits for approval, and the updates that give it. Refusals leave no event. */
export class Gates {
  private readonly run: Run;
  private readonly resolved: ResolvedRun;
  private readonly rules: ApprovalRules;
  /** The whole plan was approved, so no step needs an approval of its own. */
  private planApproved: boolean;

  constructor(run: Run, resolved: ResolvedRun) {
    this.run = run;
    this.resolved = resolved;
    this.rules = resolved.approvals ?? anyoneMayApprove;
    this.planApproved = this.starterApproves && this.rules.required === 1;
    for (const action of gateActions) {
      setHandler(updates[action], (order) => this.take(action, order), {
        validator: (order) => this.check(action, order),
        description: `${action === 'approve' ? 'Approve' : 'Reject'} a plan at a gate: {gate, digest, by, why}`,
      });
    }
  }

  /** Says in advance, also in a plan, what the run will wait for. */
  announce(): void {
    if (this.guardStart) this.run.progress.describe({ approvals: this.rules });
  }

  /** Whether the run has to be approved before it begins. */
  get guardStart(): boolean {
    return this.rules.atStart && !this.planApproved;
  }

  /** Whether an act that cannot be undone has to be approved by itself. */
  get guardSteps(): boolean {
    return !this.planApproved;
  }

  /** From here on the run carries out a plan that was approved as a whole. */
  startApproved(): void {
    this.planApproved = true;
  }

  /** Whether the gate of a step was passed with this very plan. */
  passed(id: string, digest: string): boolean {
    const gate = this.run.progress.gates.find((candidate) => candidate.id === id);
    return gate?.status === 'approved' && gate.plan.digest === digest;
  }

  /**
   * Opens a gate for a plan, or opens it anew for another one, and waits for the approvals. Throws what ends the
   * run when somebody rejects it or nobody approves in time.
   */
  async pass(guarded: Guarded, plan: Plan): Promise<void> {
    const { progress, notifier } = this.run;
    const gate = this.open(guarded, plan);
    progress.enter('waiting-for-approval');
    try {
      await notifier.tell(['gate'], gateNews(workflowInfo().workflowId, gate));
      const leftMs = Math.max(1, Date.parse(gate.expiresAt) - Date.now());
      await condition(() => gate.status !== 'open', leftMs);
      // An approval that came with the last moment counts.
      if (gate.status === 'open') gate.status = 'expired';
    } catch (stopped) {
      gate.status = 'stopped';
      throw stopped;
    } finally {
      gate.closedAt = new Date().toISOString();
      await toTheEnd(() => this.readIdentities(gate));
    }
    if (gate.status !== 'approved') throw notApproved(gate, this.run.onFailure, this.rules);
  }

  /** By starting with the digest of a plan its reader has approved it. */
  private get starterApproves(): boolean {
    const { planDigest, by } = this.resolved;
    const { rules } = this;
    return planDigest !== undefined && rules.starterMayApprove && isApprover(rules, by);
  }

  private open({ id, title, risk }: Guarded, plan: Plan): GateRecord {
    const { progress } = this.run;
    const openedAt = new Date().toISOString();
    const expiresAt = new Date(Date.now() + this.rules.expiresAfterMs).toISOString();
    const again = progress.gates.find((gate) => gate.id === id);
    if (again) {
      if (again.openings === limits.gateOpenings) throw planKeepsChanging(again);
      for (const answer of again.answers) answer.void = true;
      delete again.closedAt;
      const openings = again.openings + 1;
      return Object.assign(again, { status: 'open', plan, openedAt, expiresAt, openings });
    }
    const { approvers, required, starterMayApprove } = this.rules;
    const { planDigest: digest, by, reason: why = 'started with this plan' } = this.resolved;
    const gate: GateRecord = {
      ...{ id, title, risk, status: 'open', plan, required },
      ...(approvers === undefined ? {} : { approvers }),
      ...{ starterMayApprove, openedAt, expiresAt, openings: 1 },
      answers:
        digest !== undefined && this.starterApproves
          ? [{ at: openedAt, action: 'approve', by, why, digest }]
          : [],
    };
    progress.gates.push(gate);
    return gate;
  }

  private check(action: GateAction, order: GateOrder): void {
    requireText(order, ['gate', 'digest', 'by', 'why'], example);
    const problem = answerProblem(this.run.progress.gates, this.resolved.by, action, order);
    if (problem !== undefined) throw new Error(problem);
  }

  private take(action: GateAction, { gate: id, digest, by, why }: GateOrder): string {
    const gate = this.run.progress.gates.find((candidate) => candidate.id === id) as GateRecord;
    const update = currentUpdateInfo()?.id;
    const at = new Date().toISOString();
    gate.answers.push({ at, action, by, why, digest, ...(update ? { update } : {}) });
    const given = validApprovals(gate).length;
    if (action === 'reject') gate.status = 'rejected';
    else if (given >= gate.required) gate.status = 'approved';
    this.run.progress.changed();
    return action === 'reject' ? `${id} rejected` : `${id} approved: ${given} of ${gate.required}`;
  }

  /** Evidence beside the claimed names; a gate does not stay shut because it could not be had. */
  private async readIdentities(gate: GateRecord): Promise<void> {
    const unread = gate.answers.filter(
      ({ update, identity }) => update !== undefined && identity === undefined,
    );
    if (unread.length === 0) return;
    try {
      const found = await this.run
        .engineActivities(`gate-${gate.id}`)
        .updateIdentities({ updates: unread.flatMap(({ update }) => update ?? []) });
      for (const answer of unread) {
        const identity = found[answer.update ?? ''];
        if (identity !== undefined) answer.identity = identity;
      }
    } catch {
      // The report says then that it was not read.
    }
  }
}
