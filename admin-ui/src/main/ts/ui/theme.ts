import { useState } from 'react';

export type Theme = 'system' | 'light' | 'dark';
const KEY = 'jackfield.theme';

function kept(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    // Storage may be forbidden; then the system decides.
    return 'system';
  }
}

function apply(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function startTheme(): void {
  apply(kept());
}

const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };

export function useTheme(): [Theme, () => void] {
  const [theme, setTheme] = useState(kept);
  const turn = (): void => {
    const next = NEXT[theme];
    apply(next);
    setTheme(next);
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // Then it holds for this page only.
    }
  };
  return [theme, turn];
}
