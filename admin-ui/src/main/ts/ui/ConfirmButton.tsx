import { type ReactElement, useEffect, useState } from 'react';
import { Button } from './Button';
import type { IconName } from './Icon';

interface Props {
  icon: IconName;
  text: string;
  /** What the button says before it acts. */
  question: string;
  onPress: () => void;
  refusal?: string | undefined;
  requested?: boolean;
}

const PATIENCE_MS = 5_000;

/** For what cannot be taken back: the first press asks, the second within five seconds acts. */
export function ConfirmButton({ icon, text, question, onPress, refusal, requested = false }: Props): ReactElement {
  const [asking, setAsking] = useState(false);
  useEffect(() => {
    if (!asking) return;
    const timer = setTimeout(() => setAsking(false), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [asking]);
  const press = (): void => {
    setAsking(!asking);
    if (asking) onPress();
  };
  return (
    <Button icon={icon} kind={asking ? 'alarm' : 'danger'} onPress={press} refusal={refusal} requested={requested}>
      {asking ? question : text}
    </Button>
  );
}
