import type { ReactElement } from 'react';
import type { Transfer } from '../api/types';
import { openSession } from '../route';
import { useStore } from '../store/store';
import { modeText, RECOVERING, targetText } from '../text';
import { StateTag } from '../ui/StateTag';

/** Transfers whose calls no PBX has told of since the server was started again: no list has them. */
export function RecoveringStrip({ selected }: { selected: string | undefined }): ReactElement | null {
  const unseen = useStore().unseen();
  if (unseen.length === 0) return null;
  return (
    <section className="recovering" aria-label="Recovering after a restart">
      <p>
        <strong>{unseen.length === 1 ? 'A transfer waits' : `${unseen.length} transfers wait`} for the PBX.</strong> The server was started again and has not seen{' '}
        {unseen.length === 1 ? 'its calls' : 'their calls'} yet.
      </p>
      <ul>
        {unseen.map((transfer) => (
          <li key={transfer.id}>
            <button type="button" className="jack" aria-current={transfer.session === selected || undefined} onClick={() => openSession(transfer.session)}>
              <StateTag look={RECOVERING} small />
              <span className="name">{both(transfer)}</span>
              <span className="muted">
                {modeText(transfer.plan.mode)} to {targetText(transfer)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The two of a call that is not seen. */
export const both = (transfer: Transfer): string => `${transfer.transfereeAddress ?? 'The caller'} and ${transfer.transferorAddress ?? 'another'}`;
