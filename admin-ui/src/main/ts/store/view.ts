import type { Party, PartyState, Session, Transfer } from '../api/types';

/** What a call is doing, in the five words that an operator filters by. */
export type Face = 'connected' | 'ringing' | 'held' | 'moving' | 'other';
export const FACES: readonly Face[] = ['connected', 'ringing', 'held', 'moving', 'other'];

export interface Filter {
  q: string;
  face: Face | '';
  provider: string;
  oldestFirst: boolean;
}

export interface Rows {
  ids: string[];
  /** Calls that would be shown, were the list not held still. */
  fresh: number;
  /** Calls of the list that have ended meanwhile. */
  gone: number;
}

const HELD = new Set<PartyState>(['onHold', 'onHoldPendingTransfer']);
const RINGING = new Set<PartyState>(['dialtone', 'dialing', 'proceeding', 'ringback', 'offering', 'busy']);

export const isHeld = (party: Party): boolean => HELD.has(party.state);

export function underWay(transfer: Transfer | undefined): transfer is Transfer {
  return transfer !== undefined && transfer.phase !== 'ended';
}

export function faceOf(session: Session, transfer: Transfer | undefined): Face {
  if (underWay(transfer)) return 'moving';
  if (session.parties.some(isHeld)) return 'held';
  if (session.state === 'connected' || session.state === 'conferenced') return 'connected';
  return RINGING.has(session.state) ? 'ringing' : 'other';
}

/** As the server searches: a prefix of an address or of a word of a name, letters alike. */
export function matches(session: Session, q: string): boolean {
  const wanted = q.trim().toLowerCase();
  if (!wanted) return true;
  return session.parties.some(
    (party) =>
      party.address.toLowerCase().startsWith(wanted) ||
      party.name.toLowerCase().startsWith(wanted) ||
      party.name.toLowerCase().split(/\s+/).some((word) => word.startsWith(wanted)),
  );
}

/** The ids to show, in order. */
export function select(
  sessions: Iterable<Session>,
  transferOf: (session: Session) => Transfer | undefined,
  filter: Filter,
): string[] {
  const found: Session[] = [];
  for (const session of sessions) {
    if (filter.provider && session.provider !== filter.provider) continue;
    if (filter.face && faceOf(session, transferOf(session)) !== filter.face) continue;
    if (matches(session, filter.q)) found.push(session);
  }
  const sign = filter.oldestFirst ? 1 : -1;
  found.sort((a, b) => sign * (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : a.id < b.id ? -1 : 1));
  return found.map((session) => session.id);
}

/** Rows keep their place while somebody points at them: what is new waits, what ended stays. */
export function settle(before: readonly string[], now: string[], still: boolean, live: (id: string) => boolean): Rows {
  if (!still) return { ids: now, fresh: 0, gone: 0 };
  const shown = new Set(before);
  return {
    ids: [...before],
    fresh: now.reduce((n, id) => (shown.has(id) ? n : n + 1), 0),
    gone: before.reduce((n, id) => (live(id) ? n : n + 1), 0),
  };
}
