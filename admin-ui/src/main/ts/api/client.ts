import createClient, { type Middleware } from 'openapi-fetch';
import type { paths } from '#schema';
import type { Me, Problem, Reply } from './types';

export const BASE = '/api/v1';

let csrfToken: string | undefined;
let clockOffset = 0;

/** The server's clock, as far as its answers tell it: durations are reckoned from it. */
export function serverNow(): number {
  return Date.now() + clockOffset;
}

const guard: Middleware = {
  onRequest({ request }) {
    if (request.method === 'GET') return;
    if (csrfToken) request.headers.set('X-CSRF-Token', csrfToken);
    if (request.method === 'POST' && !request.url.includes('dryRun=true')) {
      request.headers.set('Idempotency-Key', newKey());
    }
  },
  onResponse({ response }) {
    const date = Date.parse(response.headers.get('Date') ?? '');
    // The header has whole seconds, so a smaller difference means nothing.
    if (!Number.isNaN(date)) {
      const offset = date - Date.now();
      clockOffset = Math.abs(offset) < 2000 ? 0 : offset;
    }
  },
};

/** `crypto.randomUUID` exists on secure origins only; a server in the LAN has no certificate yet. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

export const http = createClient<paths>({
  baseUrl: `${location.origin}${BASE}`,
  credentials: 'same-origin',
  // Looked up at each call, so that a test may stand in for the network.
  fetch: (request) => fetch(request),
});
http.use(guard);

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** What a call answered, never an exception: a refusal and a dead server are ordinary here. */
export async function ask<T>(call: Promise<Answer<T>>): Promise<Reply<T>> {
  try {
    const { data, error, response } = await call;
    if (response.ok) return { ok: true, value: data as T };
    return { ok: false, problem: problemOf(error, response) };
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') {
      return { ok: false, problem: { reason: 'aborted', title: 'No longer needed' } };
    }
    return {
      ok: false,
      problem: { reason: 'unreachable', title: 'The server does not answer', detail: 'Nothing was sent twice; try again when the connection is back.' },
    };
  }
}

function problemOf(error: unknown, response: Response): Problem {
  if (typeof error === 'object' && error !== null && 'title' in error && 'reason' in error) {
    return error as Problem;
  }
  return { reason: 'unreadable', title: `The server answered ${response.status}`, status: response.status };
}

export async function whoAmI(): Promise<Reply<Me>> {
  return remember(await ask(http.GET('/me')));
}

/** Logs in by a one-time code or by an API token. */
export async function logIn(proof: { code: string } | { token: string }): Promise<Reply<Me>> {
  return remember(await ask(http.POST('/login', { body: proof })));
}

export async function logOut(): Promise<void> {
  await ask(http.POST('/logout'));
  csrfToken = undefined;
}

function remember(reply: Reply<Me>): Reply<Me> {
  if (reply.ok) csrfToken = reply.value.csrfToken;
  return reply;
}
