import { type ReactElement, type ReactNode, type Ref, useEffect, useId, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { Icon, type IconName } from './Icon';

interface Props {
  icon?: IconName;
  children: ReactNode;
  onPress: () => void;
  /** Why it cannot be pressed now. Such a button keeps its place, takes the focus and tells why. */
  refusal?: string | undefined;
  /** Asked and not yet seen to have happened. */
  requested?: boolean;
  kind?: 'plain' | 'primary' | 'danger' | 'alarm' | 'quiet';
  label?: string;
  keys?: string;
  pressed?: boolean;
  expanded?: boolean;
  buttonRef?: Ref<HTMLButtonElement>;
}

export function Button(props: Props): ReactElement {
  const { icon, children, onPress, refusal, requested, kind = 'plain', label, keys, pressed, expanded } = props;
  const tip = requested ? 'Requested; waiting for the PBX to tell.' : refusal;
  const bubble = useTip(tip);
  const off = tip !== undefined;
  return (
    <>
      <button
        ref={props.buttonRef}
        type="button"
        className={`button ${kind}${requested ? ' requested' : ''}`}
        aria-disabled={off || undefined}
        aria-label={label}
        aria-describedby={off ? bubble.id : undefined}
        aria-keyshortcuts={keys}
        aria-pressed={pressed}
        aria-expanded={expanded}
        onClick={() => (off ? bubble.show() : onPress())}
        {...bubble.handlers}
      >
        {icon && <Icon name={icon} />}
        <span>{children}</span>
        {requested && <span className="asked">requested</span>}
      </button>
      {bubble.element}
    </>
  );
}

interface Tip {
  id: string;
  show: () => void;
  handlers: Record<string, unknown>;
  element: ReactElement | null;
}

/** A text that comes with pointer or focus, may be pointed at itself, and goes with Escape. */
function useTip(text: string | undefined): Tip {
  const id = useId();
  const [at, setAt] = useState<{ left: number; top: number } | undefined>();
  const anchor = useRef<HTMLElement | null>(null);
  const show = (): void => {
    const box = anchor.current?.getBoundingClientRect();
    if (!box || text === undefined) return;
    setAt({ left: Math.max(8, Math.min(box.left, innerWidth - 288)), top: box.bottom + 6 > innerHeight - 72 ? box.top - 52 : box.bottom + 6 });
  };
  const hide = (): void => setAt(undefined);
  useEffect(() => {
    if (!at) return;
    const key = (e: KeyboardEvent): void => {
      if (e.key !== 'Escape') return;
      e.stopPropagation();
      hide();
    };
    document.addEventListener('keydown', key, true);
    return () => document.removeEventListener('keydown', key, true);
  }, [at]);
  const take = (e: { currentTarget: HTMLElement }): void => {
    anchor.current = e.currentTarget;
    show();
  };
  return {
    id,
    show,
    handlers: { onMouseEnter: take, onFocus: take, onMouseLeave: hide, onBlur: hide },
    element:
      text === undefined ? null : (
        <>
          <span id={id} className="for-readers">
            {text}
          </span>
          {at &&
            createPortal(
              <div className="tip" aria-hidden="true" style={at}>
                {text}
              </div>,
              document.body,
            )}
        </>
      ),
  };
}
