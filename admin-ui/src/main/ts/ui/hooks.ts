import { useEffect, useState } from 'react';
import { serverNow } from '../api/client';

/** The server's time, drawn anew every second while the page is seen. */
export function useNow(): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setNow(serverNow());
    }, 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** The value once it has stood still for that long. */
export function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
