import { type ReactElement, useEffect, useState } from 'react';
import { ask, http } from '../api/client';
import type { OperationName, Party, Session, Transfer } from '../api/types';
import { openSession } from '../route';
import { faceOf, isHeld, underWay } from '../store/view';
import { useStore } from '../store/store';
import { STALE, durationText, FACE_LOOKS, partyName, RECOVERING, sessionTitle, stateLook, targetText } from '../text';
import { Button } from '../ui/Button';
import { ConfirmButton } from '../ui/ConfirmButton';
import { useNow } from '../ui/hooks';
import { Icon } from '../ui/Icon';
import { keysOn } from '../ui/keys';
import { StateTag } from '../ui/StateTag';
import { refusalOf, transferRefusal } from './operations';
import { Panel } from './Panel';
import { Patchbay } from './Patchbay';
import { TransferForm } from './TransferForm';
import { both } from './RecoveringStrip';
import { isAskedToTransfer, transferAskedHandled } from './transferRequest';
import { TransferView } from './TransferView';

export function SessionPanel({ id }: { id: string }): ReactElement {
  const store = useStore();
  const session = store.sessions.get(id) ?? store.ended.get(id);
  const unseen = session ? undefined : store.unseen().find((t) => t.session === id || t.consultation === id);
  const missing = useFetched(id, session !== undefined || unseen !== undefined);
  if (unseen) return <Unseen transfer={unseen} />;
  if (!session) {
    return (
      <Panel title="Call">
        <p>{missing ? 'There is no such call, or it has ended.' : 'Looking for the call …'}</p>
      </Panel>
    );
  }
  return <Opened session={session} live={store.sessions.has(id)} />;
}

/** A call that no PBX has told of since the server was started again: its transfer is known. */
function Unseen({ transfer }: { transfer: Transfer }): ReactElement {
  return (
    <Panel title={both(transfer)} aside={<StateTag look={RECOVERING} />}>
      <TransferView session={undefined} transfer={transfer} live />
    </Panel>
  );
}

/** A deep link may name a call beyond the list, and its last transfer may be older than the page. */
function useFetched(id: string, known: boolean): boolean {
  const store = useStore();
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    if (store.link === 'starting') return;
    if (!known) {
      void ask(http.GET('/sessions/{id}', { params: { path: { id } } })).then((reply) => {
        if (reply.ok) store.putSession(reply.value);
        else if (reply.problem.into) openSession(reply.problem.into);
        else setMissing(true);
        store.changed();
      });
    }
    void ask(http.GET('/transfers', { params: { query: { session: id, limit: 20 } } })).then((reply) => {
      if (reply.ok) for (const transfer of reply.value.items) store.putTransfer(transfer);
      store.changed();
    });
  }, [id, known, store, store.link]);
  return missing;
}

function Opened({ session, live }: { session: Session; live: boolean }): ReactElement {
  const store = useStore();
  const now = useNow();
  const transfer = newer(lastTransfer(store.transfers.values(), session.id), store.transferOf(session));
  const moving = underWay(transfer);
  const [leaver, setLeaver] = useState<string | undefined>(() => (isAskedToTransfer(session.id) ? '' : undefined));
  const composing = leaver !== undefined && !moving && live;
  const closeForm = (): void => {
    setLeaver(undefined);
    // The field that had the focus goes with the form.
    document.getElementById('panel-title')?.focus();
  };
  useEffect(transferAskedHandled, []);

  useEffect(() => {
    const onKey = (e: KeyboardEvent): void => {
      if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.key.toLowerCase() !== 't' || !keysOn()) return;
      if (e.target instanceof HTMLElement && e.target.matches('input, textarea, select')) return;
      if (!moving && live) {
        e.preventDefault();
        setLeaver('');
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [moving, live]);

  const consultation = transfer?.consultation ? store.sessions.get(transfer.consultation) : undefined;
  // A consultation is shown as what it is: one half of a transfer of another call.
  const main = transfer && consultation?.id === session.id ? (store.sessions.get(transfer.session) ?? session) : session;
  const face = faceOf(session, transfer);
  const title = sessionTitle(session);
  useEffect(() => {
    document.title = `${title} · Jackfield`;
    return () => {
      document.title = 'Jackfield';
    };
  }, [title]);
  return (
    <Panel
      title={title}
      aside={
        <>
          <StateTag look={live ? (transfer?.recovering ? RECOVERING : FACE_LOOKS[face]) : { text: 'Ended', tone: 'mute', icon: 'off' }} />
          <span className="muted">{session.provider}</span>
          {live && (
            <span className="time">
              <Icon name="clock" size={12} /> {durationText(session.startedAt, now)}
            </span>
          )}
          <CopyLink />
        </>
      }
    >
      <Patchbay session={main} consultation={consultation} transfer={moving ? transfer : undefined} live={live} />
      {!live && (
        <p className="banner">
          <Icon name="off" /> This call has ended.
        </p>
      )}
      {moving && transfer && <TransferView session={main} transfer={transfer} live={live} />}
      {composing && <TransferForm session={session} leaver={leaver} onClose={closeForm} onAccepted={closeForm} />}
      {live && (
        <ul className="legs" aria-label="Parties">
          {session.parties.map((party) => (
            <Leg key={party.id} session={session} party={party} moving={moving} onTransfer={() => setLeaver(party.id)} />
          ))}
        </ul>
      )}
      {live && <EndCall session={session} />}
      {consultation && moving && (
        <p className="muted aside-note">
          {main === session ? `The consultation with ${targetText(transfer)} is a call of its own: ` : 'This is the consultation for another call: '}
          <button type="button" className="link" onClick={() => openSession(main === session ? consultation.id : main.id)}>
            open it
          </button>
        </p>
      )}
      {!moving && transfer && <TransferView session={session} transfer={transfer} live={live} />}
    </Panel>
  );
}

function lastTransfer(transfers: Iterable<Transfer>, session: string): Transfer | undefined {
  let last: Transfer | undefined;
  for (const transfer of transfers) {
    if (transfer.session === session && (!last || transfer.acceptedAt > last.acceptedAt)) last = transfer;
  }
  return last;
}

function newer(a: Transfer | undefined, b: Transfer | undefined): Transfer | undefined {
  return a && b ? (a.acceptedAt > b.acceptedAt ? a : b) : (a ?? b);
}

function CopyLink(): ReactElement {
  const [done, setDone] = useState(false);
  if (!navigator.clipboard) return <></>;
  return (
    <button
      type="button"
      className="button quiet small"
      onClick={() => {
        void navigator.clipboard.writeText(location.href).then(() => setDone(true));
      }}
    >
      <Icon name={done ? 'tick' : 'copy'} size={14} />
      <span aria-live="polite">{done ? 'Copied' : 'Copy link'}</span>
    </button>
  );
}

function EndCall({ session }: { session: Session }): ReactElement {
  const store = useStore();
  const key = `session:${session.id}`;
  const end = async (): Promise<void> => {
    store.asked(key, 'clear');
    const reply = await ask(http.DELETE('/sessions/{id}', { params: { path: { id: session.id } } }));
    if (reply.ok) await store.watch(key, reply.value);
    else store.refused(key, reply.problem);
  };
  const may = session.parties.some((party) => party.permitted.includes('clear'));
  const refusal = store.stale ? STALE : may ? undefined : 'No party may be cleared now.';
  return (
    <div className="end-call">
      <ConfirmButton icon="hangup" text="End the call" question="End it for everybody?" onPress={() => void end()} refusal={refusal} requested={store.requested.has(key)} />
    </div>
  );
}

interface LegProps {
  session: Session;
  party: Party;
  moving: boolean;
  onTransfer: () => void;
}

function Leg({ session, party, moving, onTransfer }: LegProps): ReactElement {
  const store = useStore();
  const key = `party:${session.id}:${party.id}`;
  const requested = store.requested.get(key);
  const held = isHeld(party);

  const send = async (verb: 'hold' | 'retrieve' | 'alternate'): Promise<void> => {
    store.asked(key, verb);
    const params = { path: { id: session.id } };
    const reply = await ask(http.POST(`/sessions/{id}/${verb}`, { params, body: { party: party.id } }));
    if (reply.ok) await store.watch(key, reply.value);
    else store.refused(key, reply.problem);
  };
  const clear = async (): Promise<void> => {
    store.asked(key, 'clear');
    const reply = await ask(http.DELETE('/sessions/{id}/parties/{party}', { params: { path: { id: session.id, party: party.id } } }));
    if (reply.ok) await store.watch(key, reply.value);
    else store.refused(key, reply.problem);
  };
  const stale = store.stale ? STALE : undefined;
  const busy = requested && 'Another request for this party is under way.';
  const no = (verb: OperationName): string | undefined => stale ?? (requested && requested !== verb ? busy : undefined) ?? refusalOf(party, verb);
  const name = partyName(party);
  return (
    <li className={`leg ${stateLook(party.state).tone}`}>
      <div className="leg-who">
        <span className="name">{name}</span>
        {party.name && <span className="address">{party.address}</span>}
        <span className="role">{party.role}</span>
        <StateTag look={stateLook(party.state)} small />
        {party.heldByThem && <StateTag look={{ text: 'Held by the other side', tone: 'hold', icon: 'pause' }} small />}
      </div>
      <div className="actions" role="group" aria-label={`Actions for ${name}`}>
        {held ? (
          <Button icon="play" onPress={() => void send('retrieve')} refusal={no('retrieve')} requested={requested === 'retrieve'}>
            Retrieve
          </Button>
        ) : (
          <Button icon="pause" onPress={() => void send('hold')} refusal={no('hold')} requested={requested === 'hold'}>
            Hold
          </Button>
        )}
        <Button icon="swap" onPress={() => void send('alternate')} refusal={no('alternate')} requested={requested === 'alternate'}>
          Alternate
        </Button>
        <ConfirmButton icon="hangup" text="Clear" question={`Clear ${name}?`} onPress={() => void clear()} refusal={no('clear')} requested={requested === 'clear'} />
        <Button
          icon="move"
          kind="primary"
          keys="T"
          label={`Transfer: ${name} leaves`}
          onPress={onTransfer}
          refusal={stale ?? (moving ? 'A transfer of this call is under way.' : transferRefusal(party))}
        >
          Transfer
        </Button>
      </div>
    </li>
  );
}
