import type { Bundle, Party, Provider, Session, Transfer } from '../api/types';

/** Whole objects of the contract for tests, with what the test is about laid over them. */
export function party(over: Partial<Party> = {}): Party {
  return { id: 'p1', address: '1001', name: 'Alice Martin', state: 'connected', heldByThem: false, role: 'caller', permitted: ['hold', 'blindTransfer', 'consult', 'clear'], refused: {}, why: {}, ...over };
}

export function session(over: Partial<Session> = {}): Session {
  return {
    id: 's1',
    provider: 'demo',
    conversationId: 'c1',
    state: 'connected',
    revision: 1,
    startedAt: '2026-11-22T10:00:00.000000Z',
    parties: [party(), party({ id: 'p2', address: '1002', name: 'Bob Dubois', role: 'called' })],
    ...over,
  };
}

export function transfer(over: Partial<Transfer> = {}): Transfer {
  return {
    id: 't1',
    session: 's1',
    transferor: 'p2',
    transferee: 'p1',
    target: '6001',
    phase: 'consulting',
    targetState: 'alerting',
    focus: 'target',
    acceptedAt: '2026-11-22T10:00:01.000000Z',
    revision: 1,
    owner: 'admin',
    plan: { mode: 'consultation', kind: 'consultation', steps: [], reasons: [], rejected: [], loss: [], identities: [], irreversibleAfter: 3, complete: 'manual', release: 'onAnswer', completeAs: 'transfer', timeouts: {}, recall: [] },
    timeline: [{ at: '2026-11-22T10:00:01.000000Z', kind: 'request', text: 'asked' }],
    permitted: ['complete', 'cancel'],
    ...over,
  };
}

export function provider(over: Partial<Provider> = {}): Provider {
  return { name: 'demo', driver: 'simulated', version: '1', state: 'up', since: '2026-11-22T09:00:00.000000Z', why: '', capabilities: [], traits: [], limits: {}, probe: { usable: true, findings: [] }, sessions: 1, ...over };
}

export function bundle(over: Partial<Bundle> = {}): Bundle {
  return {
    id: 'b1',
    symbolicName: 'com.acme.pbx',
    version: '2.2.0',
    sha256: '00',
    signer: '11',
    by: 'admin',
    via: 'rest',
    file: '',
    receivedAt: '2026-11-22T10:00:00.000000Z',
    state: 'active',
    why: '',
    checks: [],
    steps: [
      { name: 'verifying', done: true, text: 'All checks have passed.', tookMs: 41 },
      { name: 'moving', done: true, text: 'Moved: demo in 96 ms.', tookMs: 97 },
    ],
    ...over,
  };
}
