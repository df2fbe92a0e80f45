import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServerEvent } from '../api/types';
import { party, provider, session, transfer } from './samples';
import { Store } from './store';

const AT = '2026-11-22T10:00:02.000000Z';

/** Answers as the server does; the event stream stays open and silent. */
function serve(routes: Record<string, (request: Request) => unknown>): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
    const request = typeof input === 'string' ? new Request(new URL(input, location.origin), init) : input;
    const path = new URL(request.url).pathname.replace('/api/v1', '');
    asked.push(`${request.method} ${path}`);
    if (path === '/events') return new Response(new ReadableStream());
    const answer = routes[`${request.method} ${path}`]?.(request);
    if (answer === undefined) return Response.json({ type: 'urn:jackfield:problem:unauthenticated', reason: 'unauthenticated', title: 'Nobody', status: 401 }, { status: 401 });
    return Response.json(answer);
  });
  return asked;
}

const page = (items: unknown[], next: string | null = null) => ({ items, next, asOf: 'e:1' });
const EVERYTHING = {
  'GET /me': () => ({ name: 'admin', roles: [], permissions: [], csrfToken: 'secret' }),
  'GET /providers': () => page([provider()]),
  'GET /transfers': () => page([]),
  'GET /sessions': () => page([session()]),
};

describe('the store', () => {
  let store: Store;
  beforeEach(() => {
    store = new Store();
  });
  afterEach(() => vi.unstubAllGlobals());
  const tell = (event: object) => store.apply({ at: AT, ...event } as ServerEvent);

  it('reads the snapshot once logged in, every page of it', async () => {
    serve({
      ...EVERYTHING,
      'GET /sessions': (r) => (r.url.includes('cursor') ? page([session({ id: 's2' })]) : page([session()], 'more')),
    });
    await store.start(null);
    expect([...store.sessions.keys()]).toEqual(['s1', 's2']);
    expect(store.link).toBe('live');
    expect(store.providers.get('demo')?.state).toBe('up');
  });

  it('takes what a server says that was started again, though its timeline is shorter', async () => {
    const line = { at: AT, kind: 'fact' as const, text: 'long ago' };
    store.putTransfer(transfer({ timeline: [line, line, line] }));
    store.putTransfer(transfer({ id: 't2', timeline: [line, line, line] }));
    serve({ ...EVERYTHING, 'GET /sessions': () => page([]), 'GET /transfers': () => page([transfer({ recovering: true })]) });
    await store.start(null);
    expect(store.unseen().map((t) => t.id)).toEqual(['t1']);
    store.putTransfer(transfer({ id: 't2', phase: 'ended' }));
    expect(store.transfers.get('t2')?.phase).toBe('ended');
    tell({ type: 'session.started', session: session() });
    expect(store.unseen()).toEqual([]);
  });

  it('asks for a login where there is none, without calling it a failure', async () => {
    serve({});
    await store.start(null);
    expect(store.login).toBe('needed');
    expect(store.loginProblem).toBeUndefined();
  });

  it('spends the code of a one-time link', async () => {
    const asked = serve({ ...EVERYTHING, 'POST /login': () => ({ name: 'admin', roles: [], permissions: [], csrfToken: 'secret' }) });
    await store.start('once');
    expect(asked[0]).toBe('POST /login');
    expect(store.login).toBe('done');
  });

  it('takes a later revision and not an earlier one', () => {
    tell({ type: 'session.started', session: session({ revision: 3 }) });
    tell({ type: 'session.changed', session: session({ revision: 2, state: 'idle' }) });
    expect(store.sessions.get('s1')?.state).toBe('connected');
    tell({ type: 'session.changed', session: session({ revision: 4, state: 'onHold' }) });
    expect(store.sessions.get('s1')?.state).toBe('onHold');
  });

  it('keeps an ended call for who looks at it', () => {
    tell({ type: 'session.started', session: session() });
    tell({ type: 'session.ended', session: session({ revision: 2 }), cause: {} });
    expect(store.sessions.has('s1')).toBe(false);
    expect(store.ended.has('s1')).toBe(true);
  });

  it('follows a call into the one that it was merged with', () => {
    tell({ type: 'session.started', session: session() });
    tell({ type: 'session.merged', from: 's1', into: 's2', session: session({ id: 's2' }) });
    expect(store.merged.get('s1')).toBe('s2');
    expect(store.sessions.has('s2')).toBe(true);
  });

  it('shows a request as requested until the event, whatever the answer was', () => {
    tell({ type: 'session.started', session: session() });
    store.asked('party:s1:p1', 'hold');
    tell({ type: 'session.changed', session: session({ revision: 2 }) });
    expect(store.requested.get('party:s1:p1')).toBe('hold');
    tell({ type: 'session.changed', session: session({ revision: 3, parties: [party({ state: 'onHold' }), party({ id: 'p2' })] }) });
    expect(store.requested.size).toBe(0);
  });

  it('takes a refusal as the end of a request and says it', () => {
    store.asked('transfer:t1', 'complete');
    store.refused('transfer:t1', { reason: 'not-permitted-now', title: 'Not now', detail: 'The target does not ring.' });
    expect(store.requested.size).toBe(0);
    expect(store.notices[0]?.text).toBe('Not now: The target does not ring.');
  });

  it('does not show a request as requested for ever', () => {
    vi.useFakeTimers();
    store.asked('transfer:t1', 'complete');
    vi.advanceTimersByTime(15_000);
    store.requested.delete('transfer:t1');
    store.asked('transfer:t1', 'complete');
    vi.advanceTimersByTime(15_000);
    expect(store.requested.has('transfer:t1')).toBe(true);
    vi.advanceTimersByTime(6_000);
    expect(store.requested.has('transfer:t1')).toBe(false);
    expect(store.notices[0]?.text).toBe('No news of "complete" from the PBX for 20 s.');
    vi.useRealTimers();
  });

  it('keeps the longer of two snapshots of a transfer and tells its outcome', () => {
    tell({ type: 'transfer.changed', transfer: transfer({ timeline: [...transfer().timeline, ...transfer().timeline] }) });
    store.putTransfer(transfer({ phase: 'holding' }));
    expect(store.transfers.get('t1')?.phase).toBe('consulting');
    const outcome = { type: 'completed', as: 'transfer', evidence: 'verified', missing: [], cause: { code: 'normal', text: '', driver: '' } } as const;
    tell({ type: 'transfer.ended', transfer: transfer({ phase: 'ended', outcome: { ...outcome, missing: [] }, timeline: [1, 2, 3].flatMap(() => transfer().timeline) }) });
    expect(store.notices[0]?.text).toBe('Transfer to 6001: completed, verified');
  });

  it('reads everything again after a reset', async () => {
    const asked = serve(EVERYTHING);
    await store.start(null);
    store.sessions.set('ghost', session({ id: 'ghost' }));
    asked.length = 0;
    tell({ type: 'reset' });
    await vi.waitFor(() => expect(asked).toContain('GET /events'), 30_000);
    expect(store.sessions.has('ghost')).toBe(false);
  });
});
