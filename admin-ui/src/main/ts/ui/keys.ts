import { useState } from 'react';

const KEY = 'jackfield.keys';

function on(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    // Storage may be forbidden; then the keys are on.
    return true;
  }
}

/** Whether single letters act; who speaks to the machine may want them off (WCAG 2.1.4). */
export const keysOn = on;

export function useKeysOn(): [boolean, (on: boolean) => void] {
  const [value, setValue] = useState(on);
  const set = (next: boolean): void => {
    setValue(next);
    try {
      localStorage.setItem(KEY, next ? 'on' : 'off');
    } catch {
      // Then it cannot be kept, and the keys stay on.
    }
  };
  return [value, set];
}
