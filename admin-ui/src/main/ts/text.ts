import type { Bundle, Party, PartyState, Problem, Provider, Session, Transfer, TransferStep } from './api/types';
import type { Face } from './store/view';
import type { IconName } from './ui/Icon';

export type Tone = 'ok' | 'hold' | 'ring' | 'move' | 'bad' | 'mute';

export interface Look {
  text: string;
  tone: Tone;
  icon: IconName;
}

const STATES: Record<PartyState, Look> = {
  connected: { text: 'Connected', tone: 'ok', icon: 'link' },
  conferenced: { text: 'In conference', tone: 'ok', icon: 'people' },
  onHold: { text: 'On hold', tone: 'hold', icon: 'pause' },
  onHoldPendingTransfer: { text: 'On hold, transfer', tone: 'hold', icon: 'pause' },
  dialtone: { text: 'Dial tone', tone: 'ring', icon: 'dial' },
  dialing: { text: 'Dialling', tone: 'ring', icon: 'dial' },
  proceeding: { text: 'Proceeding', tone: 'ring', icon: 'dial' },
  ringback: { text: 'Hears ringing', tone: 'ring', icon: 'bell' },
  offering: { text: 'Ringing', tone: 'ring', icon: 'bell' },
  busy: { text: 'Busy', tone: 'bad', icon: 'cross' },
  disconnected: { text: 'Disconnected', tone: 'mute', icon: 'off' },
  idle: { text: 'Ended', tone: 'mute', icon: 'off' },
  unknown: { text: 'Unknown', tone: 'mute', icon: 'question' },
};

export const FACE_LOOKS: Record<Face, Look> = {
  connected: { text: 'Connected', tone: 'ok', icon: 'link' },
  ringing: { text: 'Ringing', tone: 'ring', icon: 'bell' },
  held: { text: 'On hold', tone: 'hold', icon: 'pause' },
  moving: { text: 'Transferring', tone: 'move', icon: 'move' },
  other: { text: 'Other', tone: 'mute', icon: 'question' },
};

/** Instead of its phase while the server has not seen a transfer's calls since it was started again. */
export const RECOVERING: Look = { text: 'Recovering', tone: 'hold', icon: 'retry' };

const PROVIDERS: Record<Provider['state'], Look> = {
  waiting: { text: 'Waits for its driver', tone: 'hold', icon: 'clock' },
  opening: { text: 'Opening', tone: 'ring', icon: 'dial' },
  up: { text: 'Up', tone: 'ok', icon: 'tick' },
  down: { text: 'Down', tone: 'bad', icon: 'cross' },
  draining: { text: 'Draining', tone: 'move', icon: 'move' },
  failed: { text: 'Failed', tone: 'bad', icon: 'warn' },
};

const BUNDLES: Record<Bundle['state'], Look> = {
  verifying: { text: 'Being checked', tone: 'move', icon: 'move' },
  staged: { text: 'Waits for its rollout', tone: 'hold', icon: 'clock' },
  installing: { text: 'Being installed', tone: 'move', icon: 'move' },
  starting: { text: 'Starting', tone: 'move', icon: 'move' },
  moving: { text: 'Taking the calls over', tone: 'move', icon: 'move' },
  rolling: { text: 'Serves a share of the new calls', tone: 'move', icon: 'move' },
  draining: { text: 'Waits for its calls to end', tone: 'move', icon: 'clock' },
  active: { text: 'In', tone: 'ok', icon: 'tick' },
  refused: { text: 'Refused', tone: 'bad', icon: 'cross' },
  failed: { text: 'Failed', tone: 'bad', icon: 'warn' },
  removed: { text: 'Taken out', tone: 'mute', icon: 'off' },
};

const STEPS: Record<string, string> = {
  verifying: 'Checked',
  installing: 'Installed',
  starting: 'Started',
  moving: 'Took over',
  rolling: 'Shared',
  draining: 'Drained',
  staged: 'Taken out',
  active: 'Taken out',
};

const OUTCOMES: Record<string, Look> = {
  completed: { text: 'Completed', tone: 'ok', icon: 'tick' },
  reverted: { text: 'Reverted', tone: 'hold', icon: 'retry' },
  abandoned: { text: 'Abandoned', tone: 'mute', icon: 'off' },
  recalled: { text: 'Recalled', tone: 'hold', icon: 'retry' },
  failed: { text: 'Failed', tone: 'bad', icon: 'warn' },
};

export const MODES: Record<string, string> = {
  auto: 'Auto',
  blind: 'Blind',
  consultation: 'Consult',
  oneStep: 'One-step',
  heldCall: 'Held call',
  newCall: 'New call',
  earlyCompletion: 'Early completion',
  conferenceAndDrop: 'Conference and drop',
};

const TARGETS: Record<string, Look> = {
  undialled: { text: 'Not dialled', tone: 'mute', icon: 'dial' },
  dialling: { text: 'Dialling', tone: 'ring', icon: 'dial' },
  alerting: { text: 'Ringing', tone: 'ring', icon: 'bell' },
  busy: { text: 'Busy', tone: 'bad', icon: 'cross' },
  answered: { text: 'Answered', tone: 'ok', icon: 'link' },
  failed: { text: 'Not reached', tone: 'bad', icon: 'cross' },
};

const PHASES: Record<string, string> = {
  redirecting: 'Redirecting',
  holding: 'Holding',
  consulting: 'Consulting',
  completing: 'Completing',
  reverting: 'Going back',
  ended: 'Ended',
};

const REASONS: Record<string, string> = {
  'not-permitted-now': 'Not in this state; another time it may be possible.',
  'not-supported': 'This PBX never can.',
  'provider-down': 'The PBX cannot be reached now.',
  'transfer-exists': 'A transfer of this call is under way.',
  draining: 'The PBX or its driver is being taken out; nothing new is begun.',
  'limit-reached': 'A limit of the PBX is reached.',
};

const CAUSES: Record<string, string> = {
  normal: 'It went as asked.',
  reject: 'The target declined.',
  busy: 'The target is busy.',
  noAnswer: 'Nobody answered.',
  badAddress: 'There is no such address.',
  unreachable: 'The target cannot be reached.',
  congestion: 'The network is congested.',
  unavailable: 'The target is not available.',
  blocked: 'The call was blocked.',
  doNotDisturb: 'The target does not want to be disturbed.',
  temporaryFailure: 'The PBX failed for a moment.',
  cancelled: 'It was cancelled.',
  providerLost: 'The link to the PBX was lost.',
  stepRefused: 'The PBX refused a step.',
  deadline: 'The time for it ran out.',
  overtaken: 'The call changed meanwhile.',
};

const UNKNOWN: Look = { text: 'Unknown', tone: 'mute', icon: 'question' };

export const stateLook = (state: PartyState): Look => STATES[state] ?? UNKNOWN;
export const providerLook = (state: Provider['state']): Look => PROVIDERS[state] ?? UNKNOWN;
/** Why nothing can be asked for now. */
export const STALE = 'The connection to the server is broken.';

export const bundleLook = (state: Bundle['state']): Look => BUNDLES[state] ?? UNKNOWN;
export const stepText = (name: string): string => STEPS[name] ?? name;
export const outcomeLook = (type: string): Look => OUTCOMES[type] ?? UNKNOWN;
export const targetLook = (state: string | undefined): Look => TARGETS[state ?? 'undialled'] ?? UNKNOWN;
export const phaseText = (phase: string): string => PHASES[phase] ?? phase;
export const modeText = (mode: string): string => MODES[mode] ?? mode;

/** A reason as a sentence, whether the server gave a word or a sentence. */
export const reasonText = (reason: string): string => REASONS[reason] ?? sentence(reason);

export function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(whole) ? whole : `${whole}.`;
}

export const causeText = (cause: { code: string; text: string }): string => (cause.text ? sentence(cause.text) : (CAUSES[cause.code] ?? `${cause.code}.`));

export const countText = (calls: number): string => `${calls} ${calls === 1 ? 'call' : 'calls'}`;

export const partyName = (party: { name: string; address: string }): string => party.name || party.address;

export function problemText(problem: Problem): string {
  return problem.detail ? `${problem.title}. ${problem.detail}` : `${problem.title}.`;
}

export function durationText(fromIso: string, now: number): string {
  const s = Math.max(0, Math.floor((now - Date.parse(fromIso)) / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const h = Math.floor(s / 3600);
  return h > 0 ? `${h}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${Math.floor(s / 60)}:${two(s % 60)}`;
}

/** Milliseconds between two times of the server, kept to the microsecond where both have it. */
export function offsetText(startIso: string, atIso: string): string {
  const ms = micros(atIso) / 1000 - micros(startIso) / 1000;
  return ms < 1000 ? `+${ms.toFixed(1)} ms` : `+${(ms / 1000).toFixed(3)} s`;
}

function micros(iso: string): number {
  const fraction = /\.(\d+)/.exec(iso)?.[1] ?? '';
  const whole = Date.parse(iso.replace(/\.\d+/, ''));
  return whole * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}

export function sessionTitle(session: Session): string {
  const [first, second, ...more] = session.parties;
  if (!first) return 'Call';
  if (!second) return partyName(first);
  return `${partyName(first)} and ${partyName(second)}${more.length ? ` and ${more.length} more` : ''}`;
}

export const VERBS: Record<TransferStep, string> = {
  dial: 'Redial',
  alternate: 'Alternate',
  complete: 'Complete',
  conference: 'Conference',
  cancel: 'Cancel',
};

export const targetText = (transfer: Transfer): string => transfer.target ?? 'the target';

/** Why a step of a transfer cannot be taken now; the server says only which can. */
export function stepRefusal(transfer: Transfer, step: TransferStep): string | undefined {
  if (transfer.permitted.includes(step)) return undefined;
  if (transfer.recovering) return 'Not before the PBX has told how its calls are.';
  const target = targetText(transfer);
  if (transfer.phase !== 'consulting') {
    return transfer.phase === 'redirecting' && step !== 'cancel' ? 'A blind transfer has no such step.' : `Not while it is ${phaseText(transfer.phase).toLowerCase()}.`;
  }
  switch (step) {
    case 'dial':
      return transfer.targetState === 'answered' ? `${target} has answered.` : `${target} is being called.`;
    case 'complete':
      return transfer.targetState === 'busy' || transfer.targetState === 'failed' ? `${target} was not reached.` : `This PBX joins them only when ${target} has answered.`;
    case 'alternate':
    case 'conference':
      return transfer.targetState === 'answered' ? 'This PBX cannot, in this state.' : `Only when ${target} has answered.`;
    default:
      return 'It can no longer be taken back.';
  }
}

/** What the person at the console should know or do now. */
export function hint(transfer: Transfer, transferor: Party | undefined, transferee: Party | undefined): string {
  const target = targetText(transfer);
  const leaver = transferor ? partyName(transferor) : 'The transferor';
  const waiting = transferee ? partyName(transferee) : 'The caller';
  if (transfer.recovering) return `The server was started again and waits for the PBX to tell how these calls are. ${lastKnown(transfer)}`;
  switch (transfer.phase) {
    case 'redirecting':
      return `${waiting} is being sent to ${target}.`;
    case 'holding':
      return `${waiting} is being put on hold.`;
    case 'completing':
      return `${waiting} and ${target} are being joined.`;
    case 'reverting':
      return `Going back: ${waiting} is being returned.`;
    case 'consulting':
      return consultingHint(transfer, leaver, waiting);
    default:
      return '';
  }
}

const lastKnown = (transfer: Transfer): string =>
  `Last known: ${phaseText(transfer.phase).toLowerCase()}, ${targetText(transfer)} ${targetLook(transfer.targetState).text.toLowerCase()}.`;

function consultingHint(transfer: Transfer, leaver: string, waiting: string): string {
  const target = targetText(transfer);
  switch (transfer.targetState) {
    case 'dialling':
    case 'undialled':
      return `Calling ${target}. ${waiting} waits.`;
    case 'alerting':
      return `${target} rings. Complete now, or let it be answered first.`;
    case 'busy':
      return `${target} is busy. Dial again, or cancel to return to ${waiting}.`;
    case 'failed':
      return `${target} was not reached. Dial again, or cancel to return to ${waiting}.`;
    default:
      return transfer.focus === 'transferee'
        ? `${leaver} talks with ${waiting}; ${target} waits.`
        : `${leaver} talks with ${target}; ${waiting} waits.`;
  }
}
