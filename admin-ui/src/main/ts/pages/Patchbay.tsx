import type { ReactElement } from 'react';
import type { Party, Session, Transfer } from '../api/types';
import { isHeld } from '../store/view';
import { partyName, stateLook, targetLook, targetText, type Look } from '../text';
import { Icon } from '../ui/Icon';

interface Jack {
  key: string;
  name: string;
  address: string | undefined;
  look: Look;
  role: string;
  x: number;
  y: number;
}

interface Cord {
  from: string;
  to: string;
  tone: Look['tone'];
  broken: boolean;
  text: string;
}

const W = 520;
const H = 190;

interface Props {
  session: Session;
  consultation: Session | undefined;
  transfer: Transfer | undefined;
  live: boolean;
}

/** Who is plugged into whom. The list of parties below says the same in words. */
export function Patchbay({ session, consultation, transfer, live }: Props): ReactElement {
  const { jacks, cords } = transfer ? moving(session, consultation, transfer) : standing(session, live);
  const at = new Map(jacks.map((jack) => [jack.key, jack]));
  const words = jacks.map((jack) => `${jack.name}: ${jack.look.text}`).join('; ');
  return (
    <div className="patchbay" role="img" aria-label={words}>
      <svg viewBox={`0 0 ${W} ${H}`} aria-hidden="true">
        {cords.map((cord) => {
          const a = at.get(cord.from);
          const b = at.get(cord.to);
          if (!a || !b) return null;
          const sag = Math.max(a.y, b.y) + 46;
          const mid = (a.x + b.x) / 2;
          const d = a.y === b.y ? `M${a.x} ${a.y}C${a.x + 60} ${sag} ${b.x - 60} ${sag} ${b.x} ${b.y}` : `M${a.x} ${a.y}C${a.x} ${a.y + 62} ${mid} ${b.y + 40} ${b.x} ${b.y}`;
          return (
            <g key={`${cord.from}-${cord.to}`} className={`wire ${cord.tone}${cord.broken ? ' broken' : ''}`}>
              <path className="shade" d={d} />
              <path d={d} />
            </g>
          );
        })}
        {jacks.map((jack) => (
          <g key={jack.key} className={`socket ${jack.look.tone}`}>
            <circle cx={jack.x} cy={jack.y} r="17" />
            <circle className="rim" cx={jack.x} cy={jack.y} r="11" />
            <circle className="hole" cx={jack.x} cy={jack.y} r="5" />
          </g>
        ))}
      </svg>
      {jacks.map((jack) => (
        <div key={jack.key} className={`label ${jack.look.tone}`} aria-hidden="true" style={{ left: `${(jack.x / W) * 100}%`, top: `${((jack.y - 25) / H) * 100}%` }}>
          <span className="name">{jack.name}</span>
          <span className="address">{jack.address}</span>
          <span className="lamp">
            <Icon name={jack.look.icon} size={12} /> {jack.look.text}
          </span>
        </div>
      ))}
    </div>
  );
}

function jackOf(party: Party, x: number, y: number): Jack {
  return {
    key: party.id,
    name: partyName(party),
    address: party.name ? party.address : undefined,
    look: party.heldByThem && !isHeld(party) ? { text: 'Held', tone: 'hold', icon: 'pause' } : stateLook(party.state),
    role: party.role,
    x,
    y,
  };
}

const TOP = 104;

function standing(session: Session, live: boolean): { jacks: Jack[]; cords: Cord[] } {
  const parties = session.parties.slice(0, 5);
  const jacks = parties.map((party, i) => jackOf(party, parties.length === 1 ? W / 2 : 92 + ((W - 184) * i) / (parties.length - 1), TOP));
  if (!live) for (const jack of jacks) jack.look = { text: 'Ended', tone: 'mute', icon: 'off' };
  const cords: Cord[] = [];
  if (live) {
    for (let i = 1; i < parties.length; i++) {
      const [a, b] = [parties[i - 1], parties[i]];
      if (!a || !b) continue;
      const held = isHeld(a) || isHeld(b) || a.heldByThem || b.heldByThem;
      const gone = [a, b].some((p) => p.state === 'disconnected' || p.state === 'idle');
      if (gone) continue;
      const look = [a, b].map((p) => stateLook(p.state)).find((l) => l.tone !== 'ok') ?? stateLook(b.state);
      cords.push({ from: a.id, to: b.id, tone: held ? 'hold' : look.tone, broken: held || look.tone === 'ring', text: look.text });
    }
  }
  return { jacks, cords };
}

/** A transfer under way: who stays on the left, who leaves in the middle below, the target on the right. */
function moving(session: Session, consultation: Session | undefined, transfer: Transfer): { jacks: Jack[]; cords: Cord[] } {
  const leaver = session.parties.find((p) => p.id === transfer.transferor) ?? consultation?.parties.find((p) => p.id === transfer.transferor);
  const stayer = session.parties.find((p) => p.id === transfer.transferee) ?? session.parties.find((p) => p.id !== transfer.transferor);
  const target =
    consultation?.parties.find((p) => p.id !== transfer.transferor) ??
    session.parties.find((p) => p.id !== leaver?.id && p.id !== stayer?.id && p.role === 'target');
  const jacks: Jack[] = [];
  const cords: Cord[] = [];
  const look = targetLook(transfer.targetState);
  if (stayer) jacks.push(jackOf(stayer, 92, TOP - 26));
  if (leaver) {
    // While the transferor talks to the target, its state in that call is what it is doing.
    const there = transfer.focus === 'target' ? consultation?.parties.find((p) => p.address === leaver.address) : undefined;
    jacks.push({ ...jackOf(there ?? leaver, W / 2, TOP + 52), key: leaver.id });
  }
  jacks.push(
    target
      ? { ...jackOf(target, W - 92, TOP - 26), key: 'target', look: target.heldByThem ? { text: 'Held', tone: 'hold', icon: 'pause' } : look.text === 'Answered' ? stateLook(target.state) : look }
      : { key: 'target', name: targetText(transfer), address: undefined, look, role: 'target', x: W - 92, y: TOP - 26 },
  );
  const joining = transfer.phase === 'completing' || transfer.phase === 'redirecting';
  if (stayer && leaver && transfer.phase !== 'redirecting') {
    const talks = transfer.focus === 'transferee' && !stayer.heldByThem;
    cords.push({ from: stayer.id, to: leaver.id, tone: talks ? 'ok' : 'hold', broken: !talks, text: '' });
  }
  if (leaver && !joining && transfer.phase !== 'reverting' && transfer.phase !== 'holding') {
    const answered = transfer.targetState === 'answered';
    const talks = answered && transfer.focus !== 'transferee';
    cords.push({ from: 'target', to: leaver.id, tone: talks ? 'ok' : answered ? 'hold' : look.tone, broken: !talks, text: '' });
  }
  if (stayer && joining) cords.push({ from: stayer.id, to: 'target', tone: 'move', broken: true, text: '' });
  return { jacks, cords };
}
