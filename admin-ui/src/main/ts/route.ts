import { useSyncExternalStore } from 'react';

/** Every view is an address: the open call is the path, the filter is the query. */
export interface Route {
  session: string | undefined;
  provider: string | undefined;
  drivers: boolean;
  query: URLSearchParams;
}

let current = read();
const listeners = new Set<() => void>();

function read(): Route {
  const session = /^\/sessions\/([^/]+)$/.exec(location.pathname)?.[1];
  const provider = /^\/providers\/([^/]+)$/.exec(location.pathname)?.[1];
  return {
    session: session && decodeURIComponent(session),
    provider: provider && decodeURIComponent(provider),
    drivers: location.pathname === '/drivers',
    query: new URLSearchParams(location.search),
  };
}

function set(path: string, query: URLSearchParams, replace: boolean): void {
  const search = query.toString();
  const url = search ? `${path}?${search}` : path;
  if (replace) history.replaceState(null, '', url);
  else history.pushState(null, '', url);
  tell();
}

function tell(): void {
  current = read();
  for (const listener of listeners) listener();
}

addEventListener('popstate', tell);

export const openSession = (id: string): void => set(`/sessions/${encodeURIComponent(id)}`, current.query, current.session !== undefined);
export const openProvider = (name: string): void => set(`/providers/${encodeURIComponent(name)}`, current.query, false);
export const openDrivers = (): void => set('/drivers', current.query, false);
export const closePanel = (): void => set('/', current.query, false);

export function setQuery(key: string, value: string): void {
  const query = new URLSearchParams(current.query);
  if (value) query.set(key, value);
  else query.delete(key);
  set(location.pathname, query, true);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, () => current);
}
