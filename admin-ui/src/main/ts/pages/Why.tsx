import type { ReactElement } from 'react';
import type { Plan, Problem } from '../api/types';
import { modeText } from '../text';
import { Icon } from '../ui/Icon';

type Reasons = NonNullable<Problem['reasons']>;
type Rejected = NonNullable<Problem['rejected']>;

/** The arbiter's answer: what was chosen, why, and what was ruled out. */
export function Why({ plan, asked }: { plan: Plan; asked?: string | undefined }): ReactElement {
  const last = plan.reasons[plan.reasons.length - 1];
  return (
    <div className="why">
      <p className="verdict">
        <Icon name="scales" />
        <span>
          {asked && asked !== plan.mode && <>{modeText(asked)} → </>}
          <strong>{modeText(plan.mode)}</strong>
          {last && <>, because {lower(last.rule ?? last.fact ?? last.effect)}</>}
        </span>
      </p>
      <ReasonList reasons={plan.reasons} />
      {plan.steps.length > 0 && (
        <>
          <h4>Steps</h4>
          <ol className="steps">
            {plan.steps.map((step, i) => (
              <li key={`${i}${step.operation}`}>{step.text}</li>
            ))}
          </ol>
        </>
      )}
      <RejectedList rejected={plan.rejected} />
      {plan.loss.length > 0 && (
        <>
          <h4>What is lost</h4>
          <ul className="bullets">
            {plan.loss.map((loss) => (
              <li key={loss}>{loss}</li>
            ))}
          </ul>
        </>
      )}
      {plan.identities.length > 0 && (
        <>
          <h4>Who sees whom</h4>
          <ul className="bullets">
            {plan.identities.map((identity) => (
              <li key={identity}>{identity}</li>
            ))}
          </ul>
        </>
      )}
      {plan.irreversibleAfter > 0 && <p className="muted">No way back after step {plan.irreversibleAfter}.</p>}
    </div>
  );
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

export function ReasonList({ reasons }: { reasons: Reasons }): ReactElement {
  return (
    <ul className="reasons">
      {reasons.map((reason, i) => (
        <li key={`${i}${reason.effect}`}>
          <Icon name="tick" size={14} />
          <span className="kind">{reason.rule ? 'rule' : 'fact'}</span>
          <span>
            {reason.rule ?? reason.fact}
            <span className="effect"> → {reason.effect}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

export function RejectedList({ rejected }: { rejected: Rejected }): ReactElement | null {
  if (rejected.length === 0) return null;
  return (
    <>
      <h4>Not taken</h4>
      <ul className="reasons rejected">
        {rejected.map((plan) => (
          <li key={plan.mode}>
            <Icon name="cross" size={14} />
            <span className="kind">{modeText(plan.mode)}</span>
            <span>
              {plan.reason}
              {plan.tapiError && <code> {plan.tapiError}</code>}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
