import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RolloutShare } from '../api/types';
import { bundle } from '../store/samples';
import { store } from '../store/store';
import { DriversPanel } from './DriversPanel';

describe('the drivers', () => {
  const asked: string[] = [];
  const sent: unknown[] = [];
  let there = [bundle()];
  let shares: RolloutShare[] = [];
  let answer = (): Response => Response.json(bundle(), { status: 201 });
  beforeEach(() => {
    asked.length = 0;
    sent.length = 0;
    shares = [];
    there = [bundle()];
    store.link = 'live';
    store.bundles.clear();
    store.notices.length = 0;
    vi.stubGlobal('fetch', async (request: Request) => {
      const type = request.headers.get('Content-Type');
      const url = new URL(request.url);
      asked.push(`${request.method} ${url.pathname}${url.search}${type ? ` ${type}` : ''}`);
      if (url.pathname.startsWith('/api/v1/rollouts/') && request.method === 'GET') return Response.json({ shares });
      if (url.pathname === '/api/v1/rollouts') sent.push(await request.json());
      return request.method === 'GET' ? Response.json({ items: there, next: null }) : answer();
    });
  });
  afterEach(() => {
    cleanup();
    vi.unstubAllGlobals();
  });

  it('show each step of the way in, as it is taken', async () => {
    there = [];
    render(<DriversPanel />);
    await screen.findByText(/those of the distribution serve/);
    act(() => store.apply({ type: 'rollout.changed', at: '', bundle: bundle({ state: 'moving', steps: [bundle().steps[0]!] }) }));
    expect((await screen.findAllByText('Taking the calls over')).length).toBe(2);
    expect(screen.queryByRole('button', { name: 'Take out' })).toBeNull();
    act(() => store.apply({ type: 'rollout.changed', at: '', bundle: bundle() }));
    await screen.findByText('Moved: demo in 96 ms.');
    expect(screen.getByText('97 ms')).toBeTruthy();
  });

  it('send a JAR as it is, and say why one is refused', async () => {
    answer = () => Response.json({ title: 'The bundle is refused', reason: 'bundle-refused', status: 422, detail: 'Sign it.' }, { status: 422 });
    render(<DriversPanel />);
    fireEvent.change(screen.getByLabelText("A driver's JAR"), { target: { files: [new File(['x'], 'acme.jar')] } });
    await waitFor(() => expect(asked).toContain('POST /api/v1/bundles application/java-archive'));
    await waitFor(() => expect(store.notices.map((n) => n.text)).toEqual(['acme.jar: The bundle is refused. Sign it.']));
  });

  it('are rolled back while they share the calls', async () => {
    there = [bundle({ state: 'rolling', steps: [{ name: 'rolling', done: true, text: '5 % of the new calls.', tookMs: 60000 }] })];
    answer = () => new Response('{}', { status: 202, headers: { 'Content-Type': 'application/json' } });
    render(<DriversPanel />);
    await screen.findByText('5 % of the new calls.');
    expect(screen.getAllByText('Serves a share of the new calls').length).toBe(2);
    fireEvent.click(screen.getByRole('button', { name: 'Roll back' }));
    fireEvent.click(screen.getByRole('button', { name: 'Go back now?' }));
    await waitFor(() => expect(asked.some((one) => one.startsWith('POST /api/v1/rollouts/b1/rollback'))).toBe(true));
  });

  it('are kept for a rollout where that is asked', async () => {
    answer = () => Response.json(bundle({ state: 'staged' }), { status: 201 });
    render(<DriversPanel />);
    fireEvent.click(screen.getByRole('checkbox', { name: 'Only check it, and keep it for a rollout' }));
    fireEvent.change(screen.getByLabelText("A driver's JAR"), { target: { files: [new File(['x'], 'acme.jar')] } });
    await waitFor(() => expect(asked).toContain('POST /api/v1/bundles?stage=true application/java-archive'));
    await waitFor(() => expect(store.notices.map((n) => n.text)).toEqual(['com.acme.pbx 2.2.0 is ready to be rolled out.']));
  });

  it('are rolled out as was chosen', async () => {
    there = [bundle({ state: 'staged' })];
    answer = () => new Response('{}', { status: 202, headers: { 'Content-Type': 'application/json' } });
    render(<DriversPanel />);
    fireEvent.click(await screen.findByRole('radio', { name: '10 s' }));
    fireEvent.click(screen.getByRole('radio', { name: 'Stay until they end' }));
    fireEvent.click(screen.getByRole('button', { name: 'Roll out 2.2.0' }));
    await waitFor(() => expect(sent).toEqual([{ bundle: 'b1', strategy: { mode: 'drain', steps: [5, 50, 100], stepMs: 10000, abort: { failurePercent: 1 } } }]));

    fireEvent.click(screen.getByRole('radio', { name: 'All at once' }));
    expect(screen.queryByRole('radio', { name: '10 s' })).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Roll out 2.2.0' }));
    await waitFor(() => expect(sent.at(-1)).toEqual({ bundle: 'b1', strategy: { mode: 'drain' } }));
  });

  it('show how the calls are shared', async () => {
    there = [bundle({ state: 'rolling' })];
    shares = [
      { provider: 'demo', atOnce: false, percent: 50, newer: 1, older: 2, commands: 30, failed: 1, longestMs: 41 },
      { provider: 'lab', atOnce: true },
    ];
    render(<DriversPanel />);
    await screen.findByText('50 % of the new calls; 1 call with 2.2.0, 2 with the one before');
    expect(screen.getByText('1 of 30 commands failed; the longest answer took 41 ms')).toBeTruthy();
    expect(screen.getByText('goes over at the end, all at once.')).toBeTruthy();
  });

  it('drain while calls live on them, and these may be let go', async () => {
    there = [bundle({ state: 'draining', why: 'odd.jar was taken out of deploy/. Calls that live are waited for.', draining: { since: '', onDeadline: 'wait', left: [{ provider: 'demo', sessions: 2 }] } })];
    answer = () => Response.json(bundle({ state: 'removed' }));
    render(<DriversPanel />);
    await screen.findByText('demo: 2 calls');
    expect(screen.getAllByText('Waits for its calls to end').length).toBe(2);
    expect(screen.queryByRole('button', { name: 'Take out' })).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Let the calls go' }));
    fireEvent.click(screen.getByRole('button', { name: 'Leave them to the PBX now?' }));
    await waitFor(() => expect(asked).toContain('DELETE /api/v1/bundles/b1?deadlineMs=0&onDeadline=release'));
  });

  it('are taken out after a second press', async () => {
    answer = () => Response.json(bundle({ state: 'removed' }));
    render(<DriversPanel />);
    fireEvent.click(await screen.findByRole('button', { name: 'Take out' }));
    expect(asked).toEqual(['GET /api/v1/bundles']);
    fireEvent.click(screen.getByRole('button', { name: 'Take it out now?' }));
    await waitFor(() => expect(asked).toContain('DELETE /api/v1/bundles/b1'));
  });
});
