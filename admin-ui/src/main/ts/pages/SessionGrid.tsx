import { type KeyboardEvent, type ReactElement, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Party, Session, Transfer } from '../api/types';
import { openSession, setQuery, useRoute } from '../route';
import { type Face, FACES, faceOf, type Filter, select, settle } from '../store/view';
import { MOST_ROWS, type Store, useStore } from '../store/store';
import { durationText, FACE_LOOKS, type Look, modeText, partyName, phaseText, RECOVERING, stateLook, targetText } from '../text';
import { useNow } from '../ui/hooks';
import { Icon } from '../ui/Icon';
import { keysOn } from '../ui/keys';
import { StateTag } from '../ui/StateTag';
import { askToTransfer } from './transferRequest';

const ROW = 40;
const SPARE = 6;

export function SessionGrid({ selected }: { selected: string | undefined }): ReactElement {
  const store = useStore();
  const { query } = useRoute();
  const filter: Filter = {
    q: query.get('q') ?? '',
    face: (query.get('state') ?? '') as Face | '',
    provider: query.get('provider') ?? '',
    oldestFirst: query.get('order') === 'oldest',
  };
  const key = JSON.stringify(filter);
  const grid = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const shown = useRef<{ key: string; ids: string[] }>({ key: '', ids: [] });
  const [, applyAll] = useState(0);

  const now = select(store.sessions.values(), (s) => store.transferOf(s), filter);
  const still = (pointed || focused) && shown.current.key === key && shown.current.ids.length > 0;
  const rows = settle(shown.current.ids, now, still, (id) => store.sessions.has(id));
  useLayoutEffect(() => {
    shown.current = { key, ids: rows.ids };
  });
  const release = (): void => {
    shown.current = { key: '', ids: [] };
    applyAll((n) => n + 1);
    grid.current?.focus();
  };

  return (
    <section className="calls" aria-label="Calls">
      <Toolbar store={store} filter={filter} found={rows.ids.length} />
      <div className="pill-place" role="status">
        {(rows.fresh > 0 || rows.gone > 0) && (
          <button type="button" className="pill" onClick={release}>
            {[rows.fresh && `${rows.fresh} new`, rows.gone && `${rows.gone} ended`].filter(Boolean).join(' / ')}
            <span className="muted">show</span>
          </button>
        )}
      </div>
      <Rows
        grid={grid}
        ids={rows.ids}
        selected={selected}
        filter={filter}
        onPointed={setPointed}
        onFocused={setFocused}
      />
      {rows.ids.length === 0 && <Empty filter={filter} />}
      {store.truncated && <p className="muted">More than {MOST_ROWS.toLocaleString('en')} calls are live; the first are shown.</p>}
    </section>
  );
}

function Toolbar({ store, filter, found }: { store: Store; filter: Filter; found: number }): ReactElement {
  const { face, q, provider } = filter;
  const counts = new Map<Face, number>();
  let all = 0;
  for (const session of store.sessions.values()) {
    if (provider && session.provider !== provider) continue;
    all++;
    const f = faceOf(session, store.transferOf(session));
    counts.set(f, (counts.get(f) ?? 0) + 1);
  }
  const providers = [...store.providers.keys()].sort();
  return (
    <div className="toolbar">
      <div className="search">
        <Icon name="search" />
        <input
          id="search"
          type="search"
          placeholder="Number or name"
          aria-label="Search the calls by the beginning of a number or a name"
          aria-keyshortcuts="/"
          value={q}
          autoComplete="off"
          spellCheck={false}
          onChange={(e) => setQuery('q', e.target.value)}
          onKeyDown={(e) => {
            if (e.key === 'ArrowDown' || e.key === 'Enter') {
              e.preventDefault();
              document.getElementById('grid')?.focus();
            }
            if (e.key === 'Escape') {
              e.stopPropagation();
              if (q) setQuery('q', '');
              else document.getElementById('grid')?.focus();
            }
          }}
        />
        <kbd aria-hidden="true">/</kbd>
      </div>
      <div className="faces" role="group" aria-label="Filter by state">
        <FaceButton text="All" count={all} on={face === ''} onPress={() => setQuery('state', '')} />
        {FACES.filter((f) => f !== 'other' || counts.has('other') || face === 'other').map((f) => (
          <FaceButton
            key={f}
            face={f}
            text={FACE_LOOKS[f].text}
            count={counts.get(f) ?? 0}
            on={face === f}
            onPress={() => setQuery('state', face === f ? '' : f)}
          />
        ))}
      </div>
      {providers.length > 1 && (
        <label className={`by-provider${provider ? '' : ' idle'}`}>
          <span className="for-readers">Filter by PBX</span>
          <select value={provider} onChange={(e) => setQuery('provider', e.target.value)}>
            <option value="">All PBXs</option>
            {providers.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      )}
      <p className="for-readers" role="status">
        {q || face ? `${found} calls found` : ''}
      </p>
    </div>
  );
}

function FaceButton(props: { face?: Face; text: string; count: number; on: boolean; onPress: () => void }): ReactElement {
  const look = props.face && FACE_LOOKS[props.face];
  return (
    <button type="button" className={`face ${look?.tone ?? ''}`} aria-pressed={props.on} onClick={props.onPress}>
      {look && <Icon name={look.icon} size={14} />}
      {props.text} <span className="count">{props.count}</span>
    </button>
  );
}

interface RowsProps {
  grid: React.RefObject<HTMLDivElement | null>;
  ids: string[];
  selected: string | undefined;
  filter: Filter;
  onPointed: (on: boolean) => void;
  onFocused: (on: boolean) => void;
}

function Rows({ grid, ids, selected, filter, onPointed, onFocused }: RowsProps): ReactElement {
  const store = useStore();
  const nowMs = useNow();
  const [scroll, setScroll] = useState({ top: 0, height: 800 });
  const [cursor, setCursor] = useState<string | undefined>(selected);
  const at = cursor === undefined ? -1 : ids.indexOf(cursor);

  useLayoutEffect(() => {
    const box = grid.current;
    if (!box) return;
    const measure = (): void => setScroll({ top: box.scrollTop, height: box.clientHeight });
    measure();
    const observer = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(measure);
    observer?.observe(box);
    return () => observer?.disconnect();
  }, [grid]);

  useEffect(() => {
    if (selected) setCursor(selected);
  }, [selected]);

  const go = (index: number): void => {
    const to = Math.max(0, Math.min(ids.length - 1, index));
    setCursor(ids[to]);
    const box = grid.current;
    if (!box) return;
    if (to * ROW < box.scrollTop) box.scrollTop = to * ROW;
    else if ((to + 2) * ROW > box.scrollTop + box.clientHeight) box.scrollTop = (to + 2) * ROW - box.clientHeight;
  };
  const onKeyDown = (e: KeyboardEvent): void => {
    if (e.target !== e.currentTarget || e.ctrlKey || e.metaKey || e.altKey) return;
    const page = Math.max(1, Math.floor(scroll.height / ROW) - 2);
    const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: ids.length - 1, PageDown: at + page, PageUp: at - page };
    const to = moves[e.key];
    if (to !== undefined) go(to);
    else if (e.key === 'Enter' && cursor) openSession(cursor);
    else if (e.key.toLowerCase() === 't' && cursor && keysOn()) {
      askToTransfer(cursor);
      openSession(cursor);
    } else return;
    e.preventDefault();
  };

  const first = Math.max(0, Math.floor(scroll.top / ROW) - SPARE);
  const last = Math.min(ids.length, Math.ceil((scroll.top + scroll.height) / ROW) + SPARE);
  const visible = ids.slice(first, last);
  const active = at >= first && at < last ? `row-${cursor}` : undefined;

  return (
    <div
      className="grid"
      id="grid"
      ref={grid}
      role="grid"
      aria-label="Live calls"
      aria-rowcount={ids.length + 1}
      aria-colcount={4}
      aria-activedescendant={active}
      tabIndex={0}
      onScroll={(e) => setScroll({ top: e.currentTarget.scrollTop, height: e.currentTarget.clientHeight })}
      onKeyDown={onKeyDown}
      onPointerEnter={(e) => e.pointerType === 'mouse' && onPointed(true)}
      onPointerLeave={() => onPointed(false)}
      onFocus={() => {
        onFocused(true);
        if (at < 0 && ids[0]) setCursor(ids[0]);
      }}
      onBlur={() => onFocused(false)}
    >
      <div className="line head" role="row" aria-rowindex={1}>
        <span role="columnheader">State</span>
        <span role="columnheader">Parties</span>
        <span role="columnheader">PBX</span>
        <span role="columnheader" className="time" aria-sort={filter.oldestFirst ? 'descending' : 'ascending'}>
          <button type="button" onClick={() => setQuery('order', filter.oldestFirst ? '' : 'oldest')}>
            Duration
            <Icon name={filter.oldestFirst ? 'down' : 'up'} size={12} />
          </button>
        </span>
      </div>
      <div className="body" role="rowgroup" style={{ height: ids.length * ROW }}>
        {visible.map((id, i) => {
          const session = store.sessions.get(id) ?? store.ended.get(id);
          if (!session) return null;
          return (
            <Row
              key={id}
              index={first + i}
              session={session}
              transfer={store.transferOf(session)}
              live={store.sessions.has(id)}
              now={nowMs}
              selected={id === selected}
              active={id === cursor}
            />
          );
        })}
      </div>
    </div>
  );
}

function Empty({ filter }: { filter: Filter }): ReactElement {
  const narrowed = filter.q !== '' || filter.face !== '' || filter.provider !== '';
  return (
    <div className="empty">
      <svg width="120" height="56" viewBox="0 0 120 56" aria-hidden="true">
        {[16, 45, 75, 104].map((x) => (
          <g key={x}>
            <circle cx={x} cy="28" r="10" />
            <circle className="hole" cx={x} cy="28" r="4" />
          </g>
        ))}
      </svg>
      <p>
        <strong>{narrowed ? 'No call matches.' : 'No live calls.'}</strong>
      </p>
      <p className="muted">{narrowed ? 'Widen the search or choose another state.' : 'A call appears here as soon as a PBX tells of it.'}</p>
    </div>
  );
}

interface RowProps {
  index: number;
  session: Session;
  transfer: Transfer | undefined;
  live: boolean;
  now: number;
  selected: boolean;
  active: boolean;
}

function Row({ index, session, transfer, live, now, selected, active }: RowProps): ReactElement {
  const face = faceOf(session, transfer);
  const look = lookOf(session, transfer, face, live);
  const [a, b, ...more] = session.parties;
  const style = useMemo(() => ({ transform: `translateY(${index * ROW}px)` }), [index]);
  return (
    <div
      id={`row-${session.id}`}
      className={`line call${selected ? ' selected' : ''}${active ? ' active' : ''}${live ? '' : ' gone'}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      style={style}
      onClick={() => openSession(session.id)}
    >
      <span role="gridcell" className="state">
        <StateTag look={look} />
      </span>
      <span role="gridcell" className="parties">
        {a && <Who party={a} />}
        {b && <Cord face={live ? face : 'other'} />}
        {b && <span className="for-readers"> and </span>}
        {b && <Who party={b} />}
        {more.length > 0 && <span className="more">+{more.length}</span>}
        {face === 'moving' && live && transfer && (
          <span className="under-way">
            {modeText(transfer.plan.mode)} → <b>{targetText(transfer)}</b> {(transfer.recovering ? RECOVERING.text : phaseText(transfer.phase)).toLowerCase()}
          </span>
        )}
      </span>
      <span role="gridcell" className="provider">
        {session.provider}
      </span>
      <span role="gridcell" className="time">
        {durationText(session.startedAt, now)}
      </span>
    </div>
  );
}

function Who({ party }: { party: Party }): ReactElement {
  return (
    <span className="party">
      <span className="name">{partyName(party)}</span>
      {party.name && <span className="address">{party.address}</span>}
    </span>
  );
}

function lookOf(session: Session, transfer: Transfer | undefined, face: Face, live: boolean): Look {
  if (!live) return { text: 'Ended', tone: 'mute', icon: 'off' };
  if (face === 'other') return { ...stateLook(session.state), tone: 'mute' };
  if (transfer?.recovering) return RECOVERING;
  if (face === 'moving' && transfer?.consultation === session.id) return { ...FACE_LOOKS.moving, text: 'Consultation' };
  return FACE_LOOKS[face];
}

/** Two plugs and the cord between them: whole when they talk, open while one waits. */
function Cord({ face }: { face: Face }): ReactElement {
  return (
    <svg className={`cord ${FACE_LOOKS[face].tone}`} width="56" height="20" viewBox="0 0 56 20" aria-hidden="true">
      <path d="M7 7C18 17 38 17 49 7" />
      <circle cx="6" cy="7" r="4" />
      <circle cx="50" cy="7" r="4" />
    </svg>
  );
}
