import { type KeyboardEvent, type ReactElement, useId, useRef } from 'react';

export interface Option<T extends string> {
  value: T;
  text: string;
  /** Why it cannot be chosen now; it can still be reached and read. */
  refusal?: string | undefined;
}

interface Props<T extends string> {
  legend: string;
  value: T;
  options: Option<T>[];
  onChange: (value: T) => void;
}

/** One of a few, side by side: a radio group with the arrow keys. */
export function Choice<T extends string>({ legend, value, options, onChange }: Props<T>): ReactElement {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const onKeyDown = (e: KeyboardEvent): void => {
    const step = e.key === 'ArrowRight' || e.key === 'ArrowDown' ? 1 : e.key === 'ArrowLeft' || e.key === 'ArrowUp' ? -1 : 0;
    if (!step) return;
    e.preventDefault();
    e.stopPropagation();
    const buttons = [...(box.current?.querySelectorAll('button') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const next = (at + step + buttons.length) % buttons.length;
    buttons[next]?.focus();
    const option = options[next];
    if (option && !option.refusal) onChange(option.value);
  };
  const refused = options.filter((o) => o.refusal);
  return (
    <div className="choice">
      <span className="legend" id={id}>
        {legend}
      </span>
      <div className="segments" role="radiogroup" aria-labelledby={id} ref={box} onKeyDown={onKeyDown}>
        {options.map((option) => (
          <button
            key={option.value}
            type="button"
            role="radio"
            aria-checked={option.value === value}
            aria-disabled={option.refusal ? true : undefined}
            aria-describedby={option.refusal ? `${id}-${option.value}` : undefined}
            tabIndex={option.value === value ? 0 : -1}
            onClick={() => !option.refusal && onChange(option.value)}
          >
            {option.text}
          </button>
        ))}
      </div>
      {refused.map((option) => (
        <p key={option.value} id={`${id}-${option.value}`} className="why-not">
          {option.text}: {option.refusal}
        </p>
      ))}
    </div>
  );
}
