import { type FormEvent, type ReactElement, useEffect, useMemo, useRef, useState } from 'react';
import { ask, http } from '../api/client';
import type { Plan, Problem, Session, TransferMode, TransferRequest } from '../api/types';
import { isHeld } from '../store/view';
import { useStore } from '../store/store';
import { STALE, modeText, partyName, problemText } from '../text';
import { Button } from '../ui/Button';
import { Choice } from '../ui/Choice';
import { useSettled } from '../ui/hooks';
import { Icon } from '../ui/Icon';
import { likelyTransferor, modeRefusal, transferRefusal } from './operations';
import { TargetField, type Target } from './TargetField';
import { ReasonList, RejectedList, Why } from './Why';

const PREVIEW_MS = 150;
const MODES: TransferMode[] = ['auto', 'blind', 'consultation', 'oneStep'];

interface Props {
  session: Session;
  /** The party whose button was pressed; empty where the key was. */
  leaver: string;
  onClose: () => void;
  onAccepted: () => void;
}

export function TransferForm({ session, leaver, onClose, onAccepted }: Props): ReactElement {
  const store = useStore();
  const [chosen, setChosen] = useState(leaver);
  useEffect(() => setChosen(leaver), [leaver]);
  const transferor = session.parties.find((p) => p.id === chosen) ?? likelyTransferor(session.parties);
  const [mode, setMode] = useState<TransferMode>('auto');
  const [target, setTarget] = useState<Target>({ text: '' });
  const [refused, setRefused] = useState<Problem | undefined>();
  const [sending, setSending] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const body = useMemo(() => bodyOf(transferor?.id, mode, target), [transferor?.id, mode, target]);
  const preview = usePreview(session, body, sending);
  useEffect(() => setRefused(undefined), [body]);
  useEffect(() => {
    // It returns a promise in newer browsers, which must not be taken for the effect's end.
    void form.current?.scrollIntoView({ block: 'nearest' });
  }, []);

  const refusal = store.stale ? STALE : !body ? 'Type a number or a name first.' : undefined;
  const send = async (): Promise<void> => {
    if (!body || refusal || sending) return;
    setSending(true);
    const reply = await ask(http.POST('/sessions/{id}/transfers', { params: { path: { id: session.id } }, body }));
    if (!reply.ok) {
      setSending(false);
      setRefused(reply.problem);
      return;
    }
    if ('phase' in reply.value) store.putTransfer(reply.value);
    onAccepted();
    store.changed();
  };

  return (
    <form
      className="transfer-form"
      ref={form}
      aria-label="Transfer"
      onSubmit={(e: FormEvent) => {
        e.preventDefault();
        void send();
      }}
      onKeyDown={(e) => {
        if (e.key === 'Escape' && !e.defaultPrevented) {
          e.preventDefault();
          onClose();
        }
      }}
    >
      <div className="row">
        <h3>Transfer</h3>
        <button type="button" className="button quiet" aria-label="Close the transfer form" onClick={onClose}>
          <Icon name="cross" />
        </button>
      </div>
      <Choice
        legend="Who leaves"
        value={transferor?.id ?? ''}
        options={session.parties.map((p) => ({ value: p.id, text: partyName(p), refusal: transferRefusal(p) }))}
        onChange={setChosen}
      />
      <Choice legend="How" value={mode} options={MODES.map((m) => ({ value: m, text: modeText(m), refusal: modeRefusal(transferor, m) }))} onChange={setMode} />
      <div className="to">
        <TargetField provider={session.provider} held={heldBy(store.sessions.values(), session, transferor?.address)} value={target} onChange={setTarget} />
        <Button icon="move" kind="primary" onPress={() => void send()} refusal={refusal} requested={sending}>
          {target.text ? `Transfer to ${target.heldSession ? (target.label ?? 'the held call') : target.text}` : 'Transfer'}
        </Button>
      </div>
      <Preview preview={preview} asked={mode} />
      <div role="alert">{refused && <Refusal problem={refused} />}</div>
    </form>
  );
}

function bodyOf(transferor: string | undefined, mode: TransferMode, target: Target): TransferRequest | undefined {
  const text = target.text.trim();
  if (!text && !target.heldSession) return undefined;
  return {
    ...(transferor ? { transferor } : {}),
    ...(target.heldSession ? { heldSession: target.heldSession } : { target: text }),
    mode,
  };
}

/** Other calls that the one who leaves has on hold: each may be the target. */
function heldBy(sessions: Iterable<Session>, session: Session, address: string | undefined): Target[] {
  const found: Target[] = [];
  for (const other of sessions) {
    if (other.id === session.id || other.provider !== session.provider) continue;
    if (!other.parties.some((p) => p.address === address && isHeld(p))) continue;
    const party = other.parties.find((p) => p.address !== address);
    if (party) found.push({ text: party.address, heldSession: other.id, label: `held call with ${partyName(party)}` });
  }
  return found.slice(0, 5);
}

type PreviewState = { state: 'none' } | { state: 'asking' } | { state: 'plan'; plan: Plan } | { state: 'refused'; problem: Problem };

/** What would happen, asked of the server and changing nothing; asked again when the call changes. */
function usePreview(session: Session, body: TransferRequest | undefined, sending: boolean): PreviewState {
  const store = useStore();
  const settled = useSettled(body, PREVIEW_MS);
  const [result, setResult] = useState<PreviewState>({ state: 'none' });
  const { id, revision } = session;
  useEffect(() => {
    // What is being sent changes the call, and asking for its plan again would only be refused.
    if (sending) return;
    if (!settled || store.stale) {
      setResult({ state: 'none' });
      return;
    }
    const abort = new AbortController();
    const params = { path: { id }, query: { dryRun: true } };
    void ask(http.POST('/sessions/{id}/transfers', { params, body: settled, signal: abort.signal })).then((reply) => {
      if (abort.signal.aborted) return;
      if (!reply.ok) setResult({ state: 'refused', problem: reply.problem });
      else if ('steps' in reply.value) setResult({ state: 'plan', plan: reply.value });
    });
    return () => abort.abort();
  }, [settled, id, revision, store.stale, sending]);
  if (!body) return { state: 'none' };
  return body === settled ? result : result.state === 'none' ? { state: 'asking' } : result;
}

function Preview({ preview, asked }: { preview: PreviewState; asked: string }): ReactElement {
  return (
    <div className="preview" aria-live="polite" aria-label="What would happen">
      {preview.state === 'none' && <p className="muted">The plan appears here while you type. Nothing is sent until you press Transfer.</p>}
      {preview.state === 'asking' && <p className="muted">Asking …</p>}
      {preview.state === 'plan' && <Why plan={preview.plan} asked={asked} />}
      {preview.state === 'refused' && <Refusal problem={preview.problem} />}
    </div>
  );
}

function Refusal({ problem }: { problem: Problem }): ReactElement {
  return (
    <div className="why">
      <p className="trouble">
        <Icon name="warn" />
        <span>{problemText(problem)}</span>
      </p>
      {problem.reasons && <ReasonList reasons={problem.reasons} />}
      {problem.rejected && <RejectedList rejected={problem.rejected} />}
    </div>
  );
}

