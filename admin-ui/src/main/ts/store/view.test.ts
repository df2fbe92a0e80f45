import { describe, expect, it } from 'vitest';
import { party, session, transfer } from './samples';
import { faceOf, type Filter, matches, select, settle } from './view';

const ALL: Filter = { q: '', face: '', provider: '', oldestFirst: false };

describe('what a call is doing', () => {
  it.each([
    ['connected', session(), undefined],
    ['held', session({ parties: [party({ state: 'onHold' }), party({ id: 'p2' })] }), undefined],
    ['ringing', session({ state: 'ringback' }), undefined],
    ['moving', session(), transfer()],
    ['connected', session(), transfer({ phase: 'ended' })],
    ['other', session({ state: 'unknown' }), undefined],
  ] as const)('%s', (face, s, t) => expect(faceOf(s, t)).toBe(face));
});

describe('the search', () => {
  it.each(['1001', '10', 'ali', 'ALICE M', 'mart', ' bob ', ''])('finds by the beginning of a number or of a word: "%s"', (q) => expect(matches(session(), q)).toBe(true));
  it.each(['001', 'lice', 'x'])('does not find inside a word: "%s"', (q) => expect(matches(session(), q)).toBe(false));
});

describe('the list', () => {
  const old = session({ id: 'old', startedAt: '2026-11-22T09:00:00.000000Z' });
  const young = session({ id: 'young', startedAt: '2026-11-22T11:00:00.000000Z', provider: 'branch' });

  it('has the newest call first, or last', () => {
    expect(select([old, young], () => undefined, ALL)).toEqual(['young', 'old']);
    expect(select([old, young], () => undefined, { ...ALL, oldestFirst: true })).toEqual(['old', 'young']);
  });

  it('is narrowed by state and PBX', () => {
    expect(select([old, young], () => undefined, { ...ALL, provider: 'branch' })).toEqual(['young']);
    expect(select([old, young], (s) => (s.id === 'old' ? transfer() : undefined), { ...ALL, face: 'moving' })).toEqual(['old']);
  });

  it('keeps its rows while somebody points at it, and counts what waits', () => {
    expect(settle(['a', 'b'], ['c', 'b'], true, (id) => id !== 'a')).toEqual({ ids: ['a', 'b'], fresh: 1, gone: 1 });
    expect(settle(['a', 'b'], ['c', 'b'], false, () => true)).toEqual({ ids: ['c', 'b'], fresh: 0, gone: 0 });
  });
});
