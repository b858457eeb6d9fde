import { type ComposeService, replicasOf } from './compose-model.ts';
import type { ContainerFacts } from './engine.ts';

const actions = ['unchanged', 'start', 'create', 'recreate'] as const;
export type MemberAction = (typeof actions)[number];

/** What a member needs to be as the configuration says. */
export interface MemberComparison {
  readonly member: string;
  readonly action: MemberAction;
  /** The container that is there, if any: an undo tells by it whether the run replaced it. */
  readonly containerId?: string;
  /** It is as it should be, unless the build of an image that somebody made by hand makes another one. */
  readonly unsure?: true;
  /** What its container has otherwise than the configuration, in words without values. */
  readonly difference?: string;
}

interface Question {
  readonly member: string;
  readonly containers: readonly ContainerFacts[];
  readonly replicas: ComposeService | undefined;
  readonly configHash: string | undefined;
  /** Undefined while the image has to be built or pulled: it will be another one. */
  readonly imageId: string | undefined;
  /** The image that is there meanwhile, when it carries nothing of what it was built from. */
  readonly handBuiltId?: string | undefined;
  /** Whether the kind's containers end when they have done their work. */
  readonly finishes: 'never' | 'always' | 'unless-restarted';
}

interface Answer {
  readonly comparison: MemberComparison;
  readonly reason?: string;
}

/** A job that has ended well has what it needs; a daemon that has ended does not. */
function isDone(container: ContainerFacts, finishes: Question['finishes']): boolean {
  if (container.state !== 'exited' || container.exitCode !== 0) return false;
  return finishes === 'always' || (finishes === 'unless-restarted' && !container.restartsOnSuccess);
}

const isUp = (container: ContainerFacts): boolean =>
  container.state === 'running' || container.state === 'restarting';

export function compareMember(question: Question): Answer {
  const { member, containers, replicas, configHash, imageId, handBuiltId, finishes } = question;
  const wanted = replicas === undefined ? 1 : replicasOf(replicas);
  const [first] = containers;
  const answer = (action: MemberAction, reason?: string, unsure = false): Answer => ({
    comparison: {
      member,
      action,
      ...(unsure ? { unsure: true } : {}),
      ...(first === undefined ? {} : { containerId: first.id }),
    },
    ...(reason === undefined ? {} : { reason: `${member}: ${reason}` }),
  });
  if (first === undefined)
    return wanted === 0 ? answer('unchanged') : answer('create', 'no container');
  const isConfigured = containers.every((container) => container.configHash === configHash);
  const isOfImage = (id: string | undefined) =>
    containers.every((container) => container.imageId === id);
  const isHandBuilt = imageId === undefined && handBuiltId !== undefined && isOfImage(handBuiltId);
  const changes = [
    ...(isConfigured ? [] : ['its configuration changed']),
    ...(isOfImage(imageId) ? [] : [imageChange(imageId, isHandBuilt)]),
  ];
  if (changes.length > 0) {
    return answer('recreate', changes.join(', '), isConfigured && isHandBuilt);
  }
  if (containers.length !== wanted) {
    return answer('create', `${containers.length} of ${wanted} containers`);
  }
  const idle = containers.find((container) => !isUp(container) && !isDone(container, finishes));
  if (idle === undefined) return answer('unchanged');
  const how = idle.state === 'exited' ? `ended (exit ${idle.exitCode})` : idle.state;
  return answer('start', how);
}

function imageChange(imageId: string | undefined, isHandBuilt: boolean): string {
  if (imageId !== undefined) return 'its image changed';
  return isHandBuilt
    ? 'its image was built by hand: only a build tells whether it is the one wanted'
    : 'its image will be another';
}

/** The action that changes most. */
export function strongest(wanted: readonly MemberAction[]): MemberAction {
  return wanted.reduce<MemberAction>(
    (most, action) => (actions.indexOf(action) > actions.indexOf(most) ? action : most),
    'unchanged',
  );
}
