import { type ReactElement, useEffect, useRef, useState } from 'react';
import { closePanel, openDrivers, openSession, useRoute } from '../route';
import { useStore } from '../store/store';
import { STALE, problemText } from '../text';
import { Icon } from '../ui/Icon';
import { keysOn } from '../ui/keys';
import { useTheme } from '../ui/theme';
import { DriversPanel } from './DriversPanel';
import { LoginPage } from './LoginPage';
import { ProviderPanel } from './ProviderPanel';
import { ProviderStrip } from './ProviderStrip';
import { RecoveringStrip } from './RecoveringStrip';
import { SessionGrid } from './SessionGrid';
import { SessionPanel } from './SessionPanel';
import { Shortcuts } from './Shortcuts';

export function App(): ReactElement {
  const store = useStore();
  if (store.login === 'needed') return <LoginPage />;
  if (store.login === 'unknown') return <main className="waiting" aria-busy="true" aria-label="Jackfield" />;
  return <Console />;
}

function Console(): ReactElement {
  const store = useStore();
  const route = useRoute();
  const [help, setHelp] = useState(false);
  const panel = route.session ?? route.provider ?? route.drivers;
  const session = route.session && (store.merged.get(route.session) ?? route.session);
  useGlobalKeys(() => setHelp(true), panel !== false);

  useEffect(() => {
    if (session && session !== route.session) openSession(session);
  }, [session, route.session]);

  return (
    <div className={`console${panel ? ' with-panel' : ''}`}>
      <a className="skip" href="#calls">
        Skip to the calls
      </a>
      <Header onHelp={() => setHelp(true)} />
      <Stale />
      <main id="calls" tabIndex={-1}>
        <ProviderStrip />
        <RecoveringStrip selected={session} />
        <SessionGrid selected={session} />
      </main>
      {session && <SessionPanel key={session} id={session} />}
      {!session && route.provider && <ProviderPanel key={route.provider} name={route.provider} />}
      {route.drivers && <DriversPanel />}
      <Notices />
      {help && <Shortcuts onClose={() => setHelp(false)} />}
    </div>
  );
}

function useGlobalKeys(onHelp: () => void, panel: boolean): void {
  useEffect(() => {
    const onKey = (e: KeyboardEvent): void => {
      if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey) return;
      const typing = e.target instanceof HTMLElement && e.target.matches('input, textarea, select');
      if (e.key === 'Escape' && panel && !document.querySelector('dialog[open]')) {
        closePanel();
        document.getElementById('grid')?.focus();
      } else if (typing || !keysOn()) {
        return;
      } else if (e.key === '/') {
        e.preventDefault();
        document.getElementById('search')?.focus();
      } else if (e.key === '?') {
        onHelp();
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [onHelp, panel]);
}

function Header({ onHelp }: { onHelp: () => void }): ReactElement {
  const store = useStore();
  const [theme, turn] = useTheme();
  return (
    <header className="top">
      <div className="brand">
        <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
          <circle cx="12" cy="12" r="8.5" />
          <circle className="hole" cx="12" cy="12" r="3.500" />
        </svg>
        <h1>Jackfield</h1>
      </div>
      <div className="jacks" aria-hidden="true" />
      <nav aria-label="Console">
        <button type="button" className="button quiet" onClick={openDrivers} aria-label="Drivers" title="Drivers">
          <Icon name="plug" />
        </button>
        <button type="button" className="button quiet" onClick={turn} aria-label={`Theme: ${theme}`} title={`Theme: ${theme}`}>
          <Icon name={theme === 'light' ? 'sun' : theme === 'dark' ? 'moon' : 'half'} />
        </button>
        <button type="button" className="button quiet" onClick={onHelp} aria-label="Keyboard shortcuts" aria-keyshortcuts="?" title="Keyboard shortcuts">
          <Icon name="keys" />
        </button>
        <span className="who">{store.me?.name}</span>
        <button type="button" className="button quiet" onClick={() => void store.logOut()} aria-label="Log out" title="Log out">
          <Icon name="out" />
        </button>
      </nav>
    </header>
  );
}

function Stale(): ReactElement {
  const store = useStore();
  const since = store.staleSince && new Date(store.staleSince);
  return (
    <div role="status" className="stale-place">
      {store.link === 'lost' && (
        <div className="stale">
          <Icon name="warn" />
          <span>
            <strong>{since ? `Stale since ${since.toLocaleTimeString([], { hour12: false })}` : 'Not connected'}.</strong>{' '}
            {store.trouble ? problemText(store.trouble) : STALE} Calls go on; what you see may be old, so actions are off.
          </span>
          <button type="button" className="button" onClick={() => store.retry()}>
            <Icon name="retry" />
            <span>Try now</span>
          </button>
        </div>
      )}
    </div>
  );
}

function Notices(): ReactElement {
  const store = useStore();
  const box = useRef<HTMLDivElement>(null);
  return (
    <div className="notices" role="log" aria-live="polite" aria-label="News" ref={box}>
      {store.notices.map((notice) => (
        <div key={notice.id} className={`notice ${notice.tone}`}>
          <Icon name={notice.tone === 'ok' ? 'tick' : notice.tone === 'bad' ? 'warn' : 'retry'} />
          <span>{notice.text}</span>
          {notice.session && store.sessions.has(notice.session) && (
            <button type="button" className="button quiet" onClick={() => notice.session && openSession(notice.session)}>
              Follow the call
            </button>
          )}
          <button type="button" className="button quiet" aria-label="Dismiss" onClick={() => store.dismiss(notice.id)}>
            <Icon name="cross" size={14} />
          </button>
        </div>
      ))}
    </div>
  );
}
