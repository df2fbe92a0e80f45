import { type FormEvent, type ReactElement, useState } from 'react';
import { useStore } from '../store/store';
import { problemText } from '../text';
import { Icon } from '../ui/Icon';

export function LoginPage(): ReactElement {
  const store = useStore();
  const [token, setToken] = useState('');
  const [busy, setBusy] = useState(false);
  const problem = store.loginProblem;
  const submit = async (e: FormEvent): Promise<void> => {
    e.preventDefault();
    if (!token.trim() || busy) return;
    setBusy(true);
    await store.logIn(token.trim());
    setBusy(false);
  };
  return (
    <main className="login">
      <form onSubmit={(e) => void submit(e)}>
        <div className="brand">
          <svg width="40" height="40" viewBox="0 0 24 24" aria-hidden="true">
            <circle cx="12" cy="12" r="8.500" />
            <circle className="hole" cx="12" cy="12" r="3.500" />
          </svg>
          <h1>Jackfield</h1>
        </div>
        <p>
          Open the one-time link that the server printed when it started. <code>bin/jackfield token</code> on the server's machine prints an API token, which opens
          the console too.
        </p>
        <label htmlFor="token">API token</label>
        <input
          id="token"
          type="password"
          autoComplete="off"
          spellCheck={false}
          value={token}
          aria-invalid={problem !== undefined}
          aria-describedby="login-problem"
          onChange={(e) => setToken(e.target.value)}
        />
        <div id="login-problem" role="alert">
          {problem && (
            <p className="trouble">
              <Icon name="warn" />
              {problemText(problem)}
            </p>
          )}
        </div>
        <button type="submit" className="button primary" aria-disabled={busy || undefined}>
          <span>Log in</span>
        </button>
      </form>
    </main>
  );
}
