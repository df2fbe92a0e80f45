import { type DragEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { ask, http } from '../api/client';
import type { Bundle, BundleStep } from '../api/types';
import { useStore } from '../store/store';
import { STALE, bundleLook, countText, problemText, providerLook, sentence, stepText } from '../text';
import { Button } from '../ui/Button';
import { ConfirmButton } from '../ui/ConfirmButton';
import { Icon } from '../ui/Icon';
import { StateTag } from '../ui/StateTag';
import { Panel } from './Panel';
import { RollOut, Shares } from './RollingOut';

/** Drivers that came in while the server runs: each step of their way, as it is taken. */
export function DriversPanel(): ReactElement {
  const store = useStore();
  useEffect(() => {
    void store.loadBundles();
  }, [store]);
  const bundles = [...store.bundles.values()].sort((a, b) => (a.receivedAt < b.receivedAt ? 1 : -1));
  return (
    <Panel title="Drivers">
      <InUse />
      <Dropping />
      {bundles.length === 0 && <p className="muted">No driver has come in yet; those of the distribution serve.</p>}
      {bundles.map((bundle) => (
        <One key={bundle.id} bundle={bundle} />
      ))}
    </Panel>
  );
}

/** Which version serves each PBX now, and how many calls: it changes under them. */
function InUse(): ReactElement {
  const store = useStore();
  const providers = [...store.providers.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const counts = store.callsByProvider();
  return (
    <ul className="facts in-use" aria-label="In use">
      {providers.map((provider) => (
        <li key={provider.name}>
          <StateTag look={providerLook(provider.state)} small />
          <span>{provider.name}</span>
          <span>
            {provider.driver} <strong>{provider.version}</strong> <span className="muted">with {countText(counts.get(provider.name) ?? 0)}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Dropping(): ReactElement {
  const store = useStore();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [sending, setSending] = useState('');
  const [stage, setStage] = useState(false);
  const send = async (file: File | undefined): Promise<void> => {
    if (!file || sending || store.stale) return;
    setSending(file.name);
    const reply = await ask(
      http.POST('/bundles', {
        params: { query: stage ? { stage } : {} },
        body: file as never,
        bodySerializer: (body: unknown) => body as Blob,
        headers: { 'Content-Type': 'application/java-archive' },
      }),
    );
    setSending('');
    if (reply.ok) store.tell('ok', `${reply.value.symbolicName} ${reply.value.version} is ${reply.value.state === 'staged' ? 'ready to be rolled out' : 'in use'}.`);
    else store.tell('bad', `${file.name}: ${problemText(reply.problem)}`);
  };
  const onDrop = (e: DragEvent): void => {
    e.preventDefault();
    setOver(false);
    void send(e.dataTransfer.files[0]);
  };
  return (
    <section
      className={`dropping${over ? ' over' : ''}`}
      aria-label="A new driver"
      onDragOver={(e) => {
        e.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <input ref={input} type="file" accept=".jar" hidden aria-label="A driver's JAR" onChange={(e) => void send(e.target.files?.[0]).finally(() => (e.target.value = ''))} />
      <div className="row">
        <Button icon="up" onPress={() => input.current?.click()} refusal={store.stale ? STALE : undefined} requested={sending !== ''}>
          Choose a signed JAR
        </Button>
        <span className="muted">{sending ? `${sending} is on its way.` : 'or drop it here.'}</span>
      </div>
      <label className="check">
        <input type="checkbox" checked={stage} onChange={(e) => setStage(e.target.checked)} />
        Only check it, and keep it for a rollout
      </label>
      <span className="muted">{stage ? 'Nothing goes to it yet.' : 'It is checked, started beside the present version, and takes its calls over; if it does not, nothing has changed.'}</span>
    </section>
  );
}

function One({ bundle }: { bundle: Bundle }): ReactElement {
  const store = useStore();
  const look = bundleLook(bundle.state);
  const underWay = look.tone === 'move';
  const leaves = bundle.state === 'removed' || bundle.state === 'draining';
  const warned = bundle.checks.filter((check) => check.state === 'warned');
  const withdraw = async (query: { deadlineMs?: number; onDeadline?: 'release' } = {}): Promise<void> => {
    const reply = await ask(http.DELETE('/bundles/{id}', { params: { path: { id: bundle.id }, query } }));
    if (!reply.ok) store.tell('bad', problemText(reply.problem));
  };
  const rollBack = async (): Promise<void> => {
    const reply = await ask(http.POST('/rollouts/{id}/rollback', { params: { path: { id: bundle.id } } }));
    if (!reply.ok) store.tell('bad', problemText(reply.problem));
  };
  return (
    <article className="leg bundle" aria-label={`${bundle.symbolicName || 'A file'} ${bundle.version}`}>
      <div className="leg-who">
        <StateTag look={look} small />
        <span className="name">{bundle.symbolicName || 'Not readable'}</span>
        <span className="muted">{bundle.version}</span>
        <span className="role">
          by {bundle.by}, {new Date(bundle.receivedAt).toLocaleTimeString([], { hour12: false })}
        </span>
        {bundle.state === 'rolling' && <ConfirmButton icon="retry" text="Roll back" question="Go back now?" onPress={() => void rollBack()} refusal={store.stale ? STALE : undefined} />}
        {(bundle.state === 'active' || bundle.state === 'staged') && <ConfirmButton icon="out" text="Take out" question="Take it out now?" onPress={() => void withdraw()} refusal={store.stale ? STALE : undefined} />}
        {bundle.draining && <ConfirmButton icon="out" text="Let the calls go" question="Leave them to the PBX now?" onPress={() => void withdraw({ deadlineMs: 0, onDeadline: 'release' })} refusal={store.stale ? STALE : undefined} />}
      </div>
      {bundle.why && (
        <p className={leaves ? 'muted' : 'trouble'}>
          {!leaves && <Icon name="warn" />}
          <span>{sentence(bundle.why)}</span>
        </p>
      )}
      <ol className="way">
        {bundle.steps.map((step) => (
          <Step key={`${step.name}${step.text}`} step={step} />
        ))}
        {underWay && (
          <li className="now">
            <Icon name="move" />
            <span>
              {look.text} {bundle.draining && <span className="muted">{leftText(bundle.draining)}</span>}
            </span>
          </li>
        )}
      </ol>
      {bundle.state === 'rolling' && <Shares bundle={bundle} />}
      {bundle.state === 'staged' && <RollOut bundle={bundle} />}
      {warned.map((check) => (
        <p key={check.name} className="aside-note muted">
          {sentence(check.text)}
        </p>
      ))}
    </article>
  );
}

/** What is waited for, and what is done when the deadline has come. */
function leftText({ left, deadline, onDeadline }: NonNullable<Bundle['draining']>): string {
  const calls = left.map((pbx) => `${pbx.provider}: ${countText(pbx.sessions)}`).join(', ');
  if (!deadline || onDeadline === 'wait') return calls;
  return `${calls}; at ${new Date(deadline).toLocaleTimeString([], { hour12: false })} they are left to the PBX.`;
}

function Step({ step }: { step: BundleStep }): ReactElement {
  return (
    <li className={step.done ? 'done' : 'failed'}>
      <Icon name={step.done ? 'tick' : 'cross'} />
      <span>{stepText(step.name)}</span>
      <span className="muted">{step.text}</span>
      <span className="took">{step.tookMs} ms</span>
    </li>
  );
}
