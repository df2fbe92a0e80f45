import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { party, session, transfer } from '../store/samples';
import { store } from '../store/store';
import { TransferForm } from './TransferForm';

const CALL = session({
  parties: [
    party({ permitted: ['clear'], why: { blindTransfer: 'Alice has no transfer key.' } }),
    party({ id: 'p2', address: '1002', name: 'Bob Dubois', role: 'called', why: { oneStepConsult: 'This PBX never can.' } }),
  ],
});
const PLAN = {
  ...transfer().plan,
  mode: 'blind',
  kind: 'blind',
  reasons: [{ rule: 'Auto is blind where it can be recovered', effect: 'blind' }],
  rejected: [{ mode: 'oneStep', reason: 'ONESTEPTRANSFER is not announced', tapiError: 'OPERATIONUNAVAIL' }],
  loss: ['No conversation before the hand-over.'],
};

describe('the transfer form', () => {
  const sent: { dry: boolean; body: unknown }[] = [];
  let answer: () => Response;

  beforeEach(() => {
    sent.length = 0;
    answer = () => Response.json(PLAN);
    store.link = 'live';
    Element.prototype.scrollIntoView = () => undefined;
    vi.stubGlobal('fetch', async (request: Request) => {
      if (request.url.includes('/addresses')) return Response.json({ items: [{ provider: 'demo', address: '6001', name: 'Front desk', state: 'free' }], next: null });
      sent.push({ dry: request.url.includes('dryRun=true'), body: await request.json() });
      return answer();
    });
  });
  afterEach(() => {
    cleanup();
    vi.unstubAllGlobals();
  });
  const open = (onAccepted = () => undefined) => render(<TransferForm session={CALL} leaver="" onClose={() => undefined} onAccepted={onAccepted} />);
  const type = (text: string) => fireEvent.change(screen.getByRole('combobox'), { target: { value: text } });

  it('shows what would happen and why, and what was ruled out, before anything is sent', async () => {
    open();
    type('6001');
    await waitFor(() => expect(screen.getByLabelText('What would happen').textContent).toContain('Auto → Blind, because auto is blind where it can be recovered'));
    expect(screen.getByText('ONESTEPTRANSFER is not announced', { exact: false })).toBeTruthy();
    expect(screen.getByText('No conversation before the hand-over.')).toBeTruthy();
    expect(sent.every((s) => s.dry)).toBe(true);
  });

  it('lets only those leave who may, and says why of the others', async () => {
    open();
    expect(screen.getByRole('radio', { name: 'Bob Dubois' }).getAttribute('aria-checked')).toBe('true');
    expect(screen.getByRole('radio', { name: 'Alice Martin' }).getAttribute('aria-disabled')).toBe('true');
    expect(screen.getByText('Alice Martin: Alice has no transfer key.')).toBeTruthy();
    expect(screen.getByText('One-step: This PBX never can.')).toBeTruthy();
    await screen.findByText('6001');
  });

  it('sends with Enter what the preview showed', async () => {
    const onAccepted = vi.fn();
    open(onAccepted);
    type('6001');
    await waitFor(() => expect(sent).toHaveLength(1));
    answer = () => Response.json(transfer(), { status: 202 });
    fireEvent.submit(screen.getByRole('form', { name: 'Transfer' }));
    await waitFor(() => expect(onAccepted).toHaveBeenCalled());
    expect(sent[1]).toEqual({ dry: false, body: { transferor: 'p2', target: '6001', mode: 'auto' } });
  });

  it('does not ask for the plan of what is being sent', async () => {
    const onAccepted = vi.fn();
    const form = open(onAccepted);
    type('6001');
    await waitFor(() => expect(sent).toHaveLength(1));
    let reply: (accepted: Response) => void = () => undefined;
    vi.stubGlobal('fetch', async (request: Request) => {
      sent.push({ dry: request.url.includes('dryRun=true'), body: undefined });
      return new Promise((done) => (reply = done));
    });
    fireEvent.submit(screen.getByRole('form', { name: 'Transfer' }));
    await waitFor(() => expect(sent).toHaveLength(2));
    form.rerender(<TransferForm session={{ ...CALL, revision: 2 }} leaver="" onClose={() => undefined} onAccepted={onAccepted} />);
    reply(Response.json(transfer(), { status: 202 }));
    await waitFor(() => expect(onAccepted).toHaveBeenCalled());
    expect(sent.map((s) => s.dry)).toEqual([true, false]);
  });

  it('says the reason of a refusal and stays open', async () => {
    const onAccepted = vi.fn();
    answer = () => Response.json({ type: 'urn:jackfield:problem:destination-blocked', reason: 'destination-blocked', title: 'The policy forbids the destination', status: 422 }, { status: 422 });
    open(onAccepted);
    type('0900');
    fireEvent.submit(screen.getByRole('form', { name: 'Transfer' }));
    await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('The policy forbids the destination'));
    expect(onAccepted).not.toHaveBeenCalled();
  });

  it('sends nothing while the connection is broken', () => {
    store.link = 'lost';
    open();
    type('6001');
    fireEvent.submit(screen.getByRole('form', { name: 'Transfer' }));
    expect(sent).toEqual([]);
  });
});
