import { type ReactElement, useEffect, useState } from 'react';
import { ask, http } from '../api/client';
import type { Bundle, RolloutShare, RolloutStrategy } from '../api/types';
import { useStore } from '../store/store';
import { STALE, countText, problemText } from '../text';
import { Button } from '../ui/Button';
import { Choice } from '../ui/Choice';

const LOOK_MS = 1_000;

type Pace = 'shares' | 'once';
type Watch = '10000' | '60000' | '600000';
type Calls = NonNullable<RolloutStrategy['mode']>;

/** How a version that is kept ready goes to the PBXs, asked for. */
export function RollOut({ bundle }: { bundle: Bundle }): ReactElement {
  const store = useStore();
  const [pace, setPace] = useState<Pace>('shares');
  const [watch, setWatch] = useState<Watch>('60000');
  const [calls, setCalls] = useState<Calls>('handOver');
  const [sending, setSending] = useState(false);
  const send = async (): Promise<void> => {
    setSending(true);
    const strategy = pace === 'shares' ? { mode: calls, steps: [5, 50, 100], stepMs: Number(watch), abort: { failurePercent: 1 } } : { mode: calls };
    const reply = await ask(http.POST('/rollouts', { body: { bundle: bundle.id, strategy } }));
    setSending(false);
    if (!reply.ok) store.tell('bad', problemText(reply.problem));
  };
  return (
    <div className="roll-out">
      <Choice
        legend="New calls"
        value={pace}
        options={[
          { value: 'shares', text: '5, 50, then 100 %' },
          { value: 'once', text: 'All at once' },
        ]}
        onChange={setPace}
      />
      {pace === 'shares' && (
        <Choice
          legend="Each step"
          value={watch}
          options={[
            { value: '10000', text: '10 s' },
            { value: '60000', text: '1 min' },
            { value: '600000', text: '10 min' },
          ]}
          onChange={setWatch}
        />
      )}
      <Choice
        legend="Calls in progress"
        value={calls}
        options={[
          { value: 'handOver', text: 'Are handed over' },
          { value: 'drain', text: 'Stay until they end' },
        ]}
        onChange={setCalls}
      />
      <p className="muted">{pace === 'shares' ? 'It goes back by itself if more than 1 % of what it is asked fails.' : 'It goes back by itself if a PBX does not take it.'} No call is ended by any of this.</p>
      <Button icon="move" kind="primary" onPress={() => void send()} refusal={store.stale ? STALE : undefined} requested={sending}>
        Roll out {bundle.version}
      </Button>
    </div>
  );
}

/** How the calls of each PBX are shared between two versions, as long as they are. */
export function Shares({ bundle }: { bundle: Bundle }): ReactElement | null {
  const store = useStore();
  const [shares, setShares] = useState<RolloutShare[]>([]);
  useEffect(() => {
    let gone = false;
    const look = async (): Promise<void> => {
      if (store.stale) return;
      const reply = await ask(http.GET('/rollouts/{id}', { params: { path: { id: bundle.id } } }));
      if (!gone && reply.ok) setShares(reply.value.shares);
    };
    void look();
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [store, bundle.id]);
  return shares.length === 0 ? null : (
    <ul className="shares" aria-label="Shares">
      {shares.map((share) => (
        <Share key={share.provider} share={share} version={bundle.version} />
      ))}
    </ul>
  );
}

function Share({ share, version }: { share: RolloutShare; version: string }): ReactElement {
  const { newer = 0, older = 0, commands = 0, failed = 0 } = share;
  const all = newer + older;
  return (
    <li>
      <strong>{share.provider}</strong>
      {share.atOnce ? (
        <span className="muted">goes over at the end, all at once.</span>
      ) : (
        <>
          <span>
            {share.percent ?? 0} % of the new calls; {countText(newer)} with {version}, {older} with the one before
          </span>
          <span className="bar" aria-hidden="true">
            <span style={{ width: `${all ? (100 * newer) / all : 0}%` }} />
          </span>
          <span className="muted">
            {failed} of {commands} commands failed{!commands || share.longestMs === undefined ? '' : `; the longest answer took ${share.longestMs} ms`}
          </span>
        </>
      )}
    </li>
  );
}
