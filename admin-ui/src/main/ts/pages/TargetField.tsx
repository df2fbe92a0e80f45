import { type KeyboardEvent, type ReactElement, useEffect, useId, useRef, useState } from 'react';
import { ask, http } from '../api/client';
import type { Address } from '../api/types';
import { useSettled } from '../ui/hooks';
import { Icon } from '../ui/Icon';

export interface Target {
  text: string;
  heldSession?: string;
  label?: string;
}

interface Candidate {
  target: Target;
  name: string;
  note: string;
}

interface Props {
  provider: string;
  held: Target[];
  value: Target;
  onChange: (target: Target) => void;
}

/** A number or a name, with what the PBX knows below it (ARIA's editable combobox with a list). */
export function TargetField({ provider, held, value, onChange }: Props): ReactElement {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const addresses = useAddresses(provider, value.text, open);
  const candidates: Candidate[] = [
    ...(value.text ? [] : held.map((target) => ({ target, name: target.text, note: target.label ?? '' }))),
    ...addresses.map((a) => ({ target: { text: a.address }, name: a.address, note: [a.name, a.state].filter(Boolean).join(' · ') })),
  ];
  useEffect(() => {
    input.current?.focus();
  }, []);

  const take = (candidate: Candidate): void => {
    onChange(candidate.target);
    setOpen(false);
    setActive(-1);
  };
  const onKeyDown = (e: KeyboardEvent): void => {
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault();
      setOpen(true);
      const count = candidates.length;
      if (count) setActive((at) => (e.key === 'ArrowDown' ? (at + 1) % count : (at <= 0 ? count : at) - 1));
    } else if (e.key === 'Enter' && open && candidates[active]) {
      e.preventDefault();
      take(candidates[active]);
    } else if (e.key === 'Escape' && open && candidates.length > 0) {
      e.preventDefault();
      e.stopPropagation();
      setOpen(false);
    }
  };
  const shown = open && candidates.length > 0;
  return (
    <div className="target">
      <label htmlFor={id}>To</label>
      <div className="combo">
        <Icon name="phone" />
        <input
          id={id}
          ref={input}
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={shown}
          aria-controls={`${id}-list`}
          aria-activedescendant={shown && active >= 0 ? `${id}-${active}` : undefined}
          placeholder="Number or name"
          autoComplete="off"
          spellCheck={false}
          maxLength={256}
          value={value.text}
          onChange={(e) => {
            onChange({ text: e.target.value });
            setOpen(true);
            setActive(-1);
          }}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul id={`${id}-list`} role="listbox" aria-label="Known addresses" hidden={!shown}>
        {candidates.map((candidate, i) => (
          <li
            key={`${candidate.target.heldSession ?? ''}${candidate.name}`}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === active}
            onPointerDown={(e) => {
              e.preventDefault();
              take(candidate);
            }}
          >
            <span className="address">{candidate.name}</span>
            <span className="muted">{candidate.note}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function useAddresses(provider: string, text: string, wanted: boolean): Address[] {
  const q = useSettled(text.trim(), 120);
  const [found, setFound] = useState<Address[]>([]);
  useEffect(() => {
    if (!wanted) return;
    const abort = new AbortController();
    const query = { provider, limit: 6, ...(q ? { q } : {}) };
    void ask(http.GET('/addresses', { params: { query }, signal: abort.signal })).then((reply) => {
      if (!abort.signal.aborted) setFound(reply.ok ? reply.value.items : []);
    });
    return () => abort.abort();
  }, [provider, q, wanted]);
  return found.length === 1 && found[0]?.address === text.trim() ? [] : found;
}
