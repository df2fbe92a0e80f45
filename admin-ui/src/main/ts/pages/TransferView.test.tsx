import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Transfer } from '../api/types';
import { session, transfer } from '../store/samples';
import { store } from '../store/store';
import { TransferView } from './TransferView';

const show = (over: Partial<Transfer> = {}) => render(<TransferView session={session()} transfer={transfer(over)} live />);

describe('a transfer under way', () => {
  const asked: string[] = [];
  beforeEach(() => {
    asked.length = 0;
    store.link = 'live';
    store.requested.clear();
    vi.stubGlobal('fetch', async (request: Request) => {
      asked.push(new URL(request.url).pathname);
      return Response.json(transfer(), { status: 202 });
    });
  });
  afterEach(() => {
    cleanup();
    vi.unstubAllGlobals();
  });

  it('says what the transferor does and what may be done', () => {
    show({ targetState: 'answered', permitted: ['alternate', 'complete', 'cancel'] });
    expect(screen.getByRole('status').textContent).toBe('Bob Dubois talks with 6001; Alice Martin waits.');
    expect(screen.getByRole('button', { name: 'Complete' }).hasAttribute('aria-disabled')).toBe(false);
    expect(screen.getByText('6001 has answered.')).toBeTruthy();
  });

  it('shows a step as requested after the answer, until the event', async () => {
    show();
    fireEvent.click(screen.getByRole('button', { name: 'Complete' }));
    await waitFor(() => expect(asked).toEqual(['/api/v1/transfers/t1/complete']));
    await waitFor(() => expect(screen.getByRole('button', { name: /Complete/ }).textContent).toContain('requested'));
    expect(screen.getByRole('button', { name: 'Cancel' }).getAttribute('aria-disabled')).toBe('true');
    act(() => store.apply({ type: 'transfer.changed', at: '', transfer: transfer({ phase: 'completing' }) }));
    await waitFor(() => expect(screen.getByRole('button', { name: /Complete/ }).textContent).not.toContain('requested'));
  });

  it('offers another number when the target is busy', async () => {
    show({ targetState: 'busy', permitted: ['dial', 'cancel'] });
    expect(screen.getByRole('status').textContent).toContain('6001 is busy');
    fireEvent.change(screen.getByLabelText('Dial another number instead'), { target: { value: '6003' } });
    fireEvent.click(screen.getByRole('button', { name: 'Dial 6003' }));
    await waitFor(() => expect(asked).toEqual(['/api/v1/transfers/t1/dial']));
  });
});

describe('a transfer whose calls are not seen since a restart', () => {
  afterEach(cleanup);

  it('says that it recovers, why no step may be taken, and what was decided', () => {
    store.link = 'live';
    const timeline = [{ at: '2026-11-22T10:00:09.000000Z', kind: 'recovery' as const, text: 'the server was started again' }];
    render(<TransferView session={undefined} transfer={transfer({ id: 't9', recovering: true, permitted: [], timeline })} live />);
    expect(screen.getByText('Recovering')).toBeTruthy();
    expect(screen.getByRole('status').textContent).toMatch(/waits for the PBX .* Last known: consulting, 6001 ringing\.$/);
    expect(screen.getAllByText('Not before the PBX has told how its calls are.')).toHaveLength(5);
    expect(screen.getByText('the server was started again').closest('li')?.className).toContain('recovered');
  });
});

describe('a transfer that has ended', () => {
  afterEach(cleanup);
  const outcome = { type: 'completed', as: 'transfer', evidence: 'verified', missing: [], cause: { code: 'normal', text: '', driver: '' } } as const;

  it('tells the outcome with its evidence', () => {
    show({ phase: 'ended', outcome: { ...outcome, missing: [] } });
    expect(screen.getByText('Verified')).toBeTruthy();
    expect(screen.getByText('Alice Martin and 6001 are joined.')).toBeTruthy();
  });

  it('names what is missing where nothing proves it', () => {
    show({ phase: 'ended', outcome: { ...outcome, evidence: 'unverified', missing: ['the bridge of both'] } });
    expect(screen.getByText('Unverified')).toBeTruthy();
    expect(screen.getByText('Missing: the bridge of both.', { exact: false })).toBeTruthy();
  });

  it('tells why it failed, and what the PBX said', () => {
    show({ phase: 'ended', outcome: { ...outcome, type: 'reverted', missing: [], cause: { code: 'busy', text: '', driver: 'DialEnd BUSY' } } });
    expect(screen.getByText('The target is busy.')).toBeTruthy();
    expect(screen.getByText('DialEnd BUSY')).toBeTruthy();
  });
});
