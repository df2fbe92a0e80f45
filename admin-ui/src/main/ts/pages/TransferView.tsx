import { type ReactElement, useId, useState } from 'react';
import { ask, http } from '../api/client';
import type { Session, Transfer, TransferStep } from '../api/types';
import { underWay } from '../store/view';
import { useStore } from '../store/store';
import { STALE, causeText, hint, modeText, offsetText, outcomeLook, partyName, phaseText, RECOVERING, stepRefusal, targetText, VERBS } from '../text';
import { Button } from '../ui/Button';
import { Icon, type IconName } from '../ui/Icon';
import { StateTag } from '../ui/StateTag';
import { Why } from './Why';

const ICONS: Record<TransferStep, IconName> = { dial: 'phone', alternate: 'swap', complete: 'tick', conference: 'people', cancel: 'retry' };
const STEPS: TransferStep[] = ['complete', 'alternate', 'conference', 'dial', 'cancel'];

interface Props {
  /** Not known while the transfer recovers. */
  session: Session | undefined;
  transfer: Transfer;
  live: boolean;
}

export function TransferView({ session, transfer, live }: Props): ReactElement {
  const moving = underWay(transfer);
  return (
    <section className={`transfer ${moving ? 'moving' : 'ended'}`} aria-label={moving ? 'Transfer under way' : 'Last transfer'}>
      {moving ? <UnderWay session={session} transfer={transfer} /> : <Ended session={session} transfer={transfer} live={live} />}
      <details open={!moving || undefined}>
        <summary>
          <Icon name="scales" /> Why {modeText(transfer.plan.mode)}
        </summary>
        <Why plan={transfer.plan} />
      </details>
      <details open>
        <summary>
          <Icon name="clock" /> What happened
        </summary>
        <Timeline transfer={transfer} />
      </details>
    </section>
  );
}

function UnderWay({ session, transfer }: Omit<Props, 'live'>): ReactElement {
  const store = useStore();
  const key = `transfer:${transfer.id}`;
  const requested = store.requested.get(key);
  const [another, setAnother] = useState('');
  const find = (id: string) => session?.parties.find((p) => p.id === id);
  const press = async (step: TransferStep): Promise<void> => {
    store.asked(key, step);
    const params = { path: { id: transfer.id } };
    const to = another.trim();
    const reply = await ask(
      step === 'dial' && to ? http.POST('/transfers/{id}/dial', { params, body: { to } }) : http.POST(`/transfers/{id}/${step}`, { params }),
    );
    if (!reply.ok) store.refused(key, reply.problem);
  };
  const refusal = (step: TransferStep): string | undefined => {
    if (store.stale) return STALE;
    if (requested && requested !== step) return 'Another request is under way.';
    return stepRefusal(transfer, step);
  };
  const trouble = transfer.targetState === 'busy' || transfer.targetState === 'failed';
  return (
    <>
      <div className="row">
        <h3>
          {modeText(transfer.plan.mode)} to {targetText(transfer)}
        </h3>
        <StateTag look={transfer.recovering ? RECOVERING : { text: phaseText(transfer.phase), tone: 'move', icon: 'move' }} />
      </div>
      <p className={`hint${trouble || transfer.recovering ? ' amber' : ''}`} role="status">
        <Icon name={transfer.recovering ? 'retry' : trouble ? 'warn' : 'phone'} />
        {hint(transfer, find(transfer.transferor), find(transfer.transferee))}
      </p>
      {transfer.permitted.includes('dial') && <Another value={another} onChange={setAnother} />}
      <div className="actions" role="group" aria-label="Steps of the transfer">
        {STEPS.map((step) => (
          <Button
            key={step}
            icon={ICONS[step]}
            kind={step === 'complete' ? 'primary' : step === 'cancel' ? 'danger' : 'plain'}
            onPress={() => void press(step)}
            refusal={refusal(step)}
            requested={requested === step}
          >
            {step === 'dial' && another.trim() ? `Dial ${another.trim()}` : VERBS[step]}
          </Button>
        ))}
      </div>
    </>
  );
}

function Another({ value, onChange }: { value: string; onChange: (to: string) => void }): ReactElement {
  const id = useId();
  return (
    <div className="target">
      <label htmlFor={id}>Dial another number instead</label>
      <div className="combo">
        <Icon name="phone" />
        <input id={id} value={value} maxLength={256} autoComplete="off" spellCheck={false} onChange={(e) => onChange(e.target.value)} />
      </div>
    </div>
  );
}

function Ended({ session, transfer, live }: Props): ReactElement {
  const outcome = transfer.outcome;
  const transferee = session?.parties.find((p) => p.id === transfer.transferee);
  if (!outcome) {
    return (
      <p className="muted">
        The transfer to {targetText(transfer)} has ended; its outcome is not known here.
      </p>
    );
  }
  const look = outcomeLook(outcome.type);
  const verified = outcome.evidence === 'verified';
  return (
    <div className={`outcome ${look.tone}`}>
      <div className="row">
        <h3>
          <Icon name={look.icon} /> {look.text}
        </h3>
        <span className={`evidence${verified ? '' : ' weak'}`}>
          <Icon name={verified ? 'tick' : 'question'} size={14} />
          {verified ? 'Verified' : 'Unverified'}
        </span>
      </div>
      <p>
        {outcome.type === 'completed'
          ? `${transferee ? partyName(transferee) : 'The transferee'} and ${targetText(transfer)} ${live ? 'are' : 'were'} joined${outcome.as === 'conference' ? ' in a conference' : ''}.`
          : causeText(outcome.cause)}
      </p>
      <p className="muted">
        {verified ? `Independent facts of the PBX say that this ${live ? 'stands' : 'stood'}.` : `Missing: ${outcome.missing.join('; ') || 'not said'}.`}
        {outcome.lastKnown && outcome.lastKnown.length > 0 && <> Last seen: {outcome.lastKnown.join('; ')}.</>}
        {outcome.cause.driver && (
          <>
            {' '}
            The PBX said: <code>{outcome.cause.driver}</code>
          </>
        )}
      </p>
    </div>
  );
}

const KIND_TONES: Record<string, string> = { request: 'move', command: 'ring', reply: 'mute', fact: 'ok', deadline: 'hold', phase: 'move', recovery: 'hold', outcome: 'ok' };

function Timeline({ transfer }: { transfer: Transfer }): ReactElement {
  return (
    <ol className="timeline">
      {transfer.timeline.map((entry, i) => (
        <li key={`${i}${entry.at}`} className={`${KIND_TONES[entry.kind ?? ''] ?? 'mute'}${entry.kind === 'recovery' ? ' recovered' : ''}`}>
          <time dateTime={entry.at} title={entry.at}>
            {offsetText(transfer.acceptedAt, entry.at)}
          </time>
          <span className="kind">{entry.kind ?? ''}</span>
          <span className="what">{entry.text}</span>
        </li>
      ))}
    </ol>
  );
}
