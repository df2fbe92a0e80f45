import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerEvent } from '../api/types';
import { closePanel, setQuery } from '../route';
import { party, session } from '../store/samples';
import { store } from '../store/store';
import { SessionGrid } from './SessionGrid';

const call = (id: string, name: string, minute: number) =>
  session({ id, startedAt: `2026-11-22T10:0${minute}:00.000000Z`, parties: [party({ name }), party({ id: 'p2', name: 'Bob Dubois', address: '1002' })] });
const tell = (event: object) => act(() => store.apply({ at: '', ...event } as ServerEvent));
const rows = () => screen.getAllByRole('row').slice(1).map((row) => row.id);

describe('the list of calls', () => {
  beforeEach(() => {
    store.sessions.clear();
    for (const s of [call('a', 'Alice', 1), call('b', 'Chiara', 2)]) store.sessions.set(s.id, s);
    render(<SessionGrid selected={undefined} />);
  });
  afterEach(() => {
    cleanup();
    setQuery('q', '');
    setQuery('state', '');
    closePanel();
  });

  it('has the newest call on top, and a new one above it', async () => {
    expect(rows()).toEqual(['row-b', 'row-a']);
    tell({ type: 'session.started', session: call('c', 'Emma', 3) });
    await waitFor(() => expect(rows()).toEqual(['row-c', 'row-b', 'row-a']));
  });

  it('keeps its rows while it has the focus, says what waits, and shows it when asked', async () => {
    act(() => screen.getByRole('grid').focus());
    tell({ type: 'session.started', session: call('c', 'Emma', 3) });
    tell({ type: 'session.ended', session: call('a', 'Alice', 1), cause: {} });
    const pill = await screen.findByRole('button', { name: /1 new \/ 1 ended/ });
    expect(rows()).toEqual(['row-b', 'row-a']);
    expect(document.getElementById('row-a')?.textContent).toContain('Ended');
    fireEvent.click(pill);
    await waitFor(() => expect(rows()).toEqual(['row-c', 'row-b']));
  });

  it('is searched by the beginning of a name and filtered by state, in the address', async () => {
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'chi' } });
    await waitFor(() => expect(rows()).toEqual(['row-b']));
    expect(location.search).toBe('?q=chi');
    fireEvent.click(screen.getByRole('button', { name: /On hold/ }));
    await waitFor(() => expect(screen.getByText('No call matches.')).toBeTruthy());
    expect(location.search).toBe('?q=chi&state=held');
  });

  it('is walked with the arrows and opened with Enter', () => {
    const grid = screen.getByRole('grid');
    act(() => grid.focus());
    fireEvent.keyDown(grid, { key: 'ArrowDown' });
    expect(grid.getAttribute('aria-activedescendant')).toBe('row-a');
    fireEvent.keyDown(grid, { key: 'Enter' });
    expect(location.pathname).toBe('/sessions/a');
  });
});
