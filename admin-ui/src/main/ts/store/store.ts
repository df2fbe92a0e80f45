import { useSyncExternalStore } from 'react';
import { ask, BASE, http, logIn, logOut, whoAmI } from '../api/client';
import { causeText, problemText, targetText } from '../text';
import type { Frame } from '../api/sse';
import { EventStream } from '../api/stream';
import type { Bundle, Me, Operation, Problem, Provider, Reply, ServerEvent, Session, Transfer } from '../api/types';

/** More rows than this are not fetched; the page says so and the search narrows them. */
export const MOST_ROWS = 20_000;
const PAGE = 500;
const MOST_ENDED = 1_000;
const NOTIFY_MS = 100;
/** A request that the PBX never tells of is not shown as requested for ever. */
const NEWS_MS = 20_000;

export type Link = 'starting' | 'live' | 'lost';
export type Login = 'unknown' | 'needed' | 'done';

export interface Notice {
  id: number;
  tone: 'ok' | 'bad' | 'info';
  text: string;
  session?: string;
}

/**
 * Everything that the page knows: the server's snapshot, kept current by its events. Only an event
 * or a snapshot changes it, never the answer to a command.
 */
export class Store {
  readonly sessions = new Map<string, Session>();
  readonly ended = new Map<string, Session>();
  readonly merged = new Map<string, string>();
  readonly transfers = new Map<string, Transfer>();
  readonly providers = new Map<string, Provider>();
  /** Drivers that came in while the server runs; read when they are looked at. */
  readonly bundles = new Map<string, Bundle>();
  /** What was asked and is not yet seen: `transfer:ID`, `session:ID` or `party:SESSION:ID` to the verb. */
  readonly requested = new Map<string, string>();
  readonly notices: Notice[] = [];
  me: Me | undefined;
  login: Login = 'unknown';
  loginProblem: Problem | undefined;
  link: Link = 'starting';
  staleSince: number | undefined;
  /** Why the picture could not be read, where the server itself said so. */
  trouble: Problem | undefined;
  truncated = false;

  private version = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<() => void>();
  private stream: EventStream | undefined;
  private lastByte = 0;
  private noticeId = 0;
  private lastMark = 0;
  private readonly marks = new Map<string, number>();
  private loading = false;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly revision = (): number => this.version;

  /** Where actions are of no use: what is shown may no longer be so. */
  get stale(): boolean {
    return this.link !== 'live';
  }

  // ---- login -------------------------------------------------------------------------------

  async start(code: string | null): Promise<void> {
    const reply = code ? await logIn({ code }) : await whoAmI();
    if (code && !reply.ok && (await this.entered(await whoAmI()))) return;
    await this.entered(reply);
  }

  async logIn(token: string): Promise<void> {
    await this.entered(await logIn({ token }));
  }

  async logOut(): Promise<void> {
    this.stream?.stop();
    this.stream = undefined;
    await logOut();
    this.forget();
    this.needLogin(undefined);
  }

  private async entered(reply: Reply<Me>): Promise<boolean> {
    if (reply.ok) {
      this.me = reply.value;
      this.login = 'done';
      this.loginProblem = undefined;
      this.changed();
      await this.load();
      return true;
    }
    if (reply.problem.reason === 'unreachable') this.lost();
    // No login at the first look is no failure to talk about.
    this.needLogin(reply.problem.reason === 'unauthenticated' ? undefined : reply.problem);
    return false;
  }

  private needLogin(problem: Problem | undefined): void {
    this.login = 'needed';
    this.loginProblem = problem;
    this.me = undefined;
    this.changed();
  }

  private forget(): void {
    for (const map of [this.sessions, this.ended, this.merged, this.transfers, this.providers, this.bundles, this.requested]) map.clear();
    this.link = 'starting';
    this.staleSince = undefined;
  }

  // ---- snapshot ----------------------------------------------------------------------------

  /** Reads the whole picture, then the events from where the picture began. */
  async load(): Promise<void> {
    if (this.loading) return;
    this.loading = true;
    try {
      while (this.login === 'done') {
        const asOf = await this.snapshot();
        if (asOf !== undefined) {
          this.follow(asOf);
          return;
        }
        this.lost();
        this.changed();
        await new Promise((resolve) => setTimeout(resolve, 1_500));
      }
    } finally {
      this.loading = false;
    }
  }

  /** The id of the event to go on after (may be empty), or undefined where it could not be read. */
  private async snapshot(): Promise<string | undefined> {
    const sessions = await this.pages();
    const [providers, transfers] = await Promise.all([
      ask(http.GET('/providers')),
      ask(http.GET('/transfers', { params: { query: { open: true, limit: PAGE } } })),
    ]);
    this.trouble = [providers, transfers].map((reply) => (reply.ok ? undefined : reply.problem)).find((problem) => problem && problem.reason !== 'unreachable');
    if (!sessions || !providers.ok || !transfers.ok) return undefined;
    replace(this.sessions, sessions.items);
    this.providers.clear();
    for (const provider of providers.value.items) this.providers.set(provider.name, provider);
    // After a restart of the server timelines begin anew; what is not open any more is read again where it is looked at.
    for (const [id, known] of this.transfers) if (known.phase !== 'ended') this.transfers.delete(id);
    for (const transfer of transfers.value.items) this.putTransfer(transfer);
    this.requested.clear();
    this.link = 'live';
    this.staleSince = undefined;
    this.lastByte = Date.now();
    this.changed();
    return sessions.asOf;
  }

  /** Transfers that recover, of calls that are not in the list: no PBX has told of them yet. */
  unseen(): Transfer[] {
    return [...this.transfers.values()].filter((t) => t.recovering && !this.sessions.has(t.session));
  }

  callsByProvider(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const session of this.sessions.values()) counts.set(session.provider, (counts.get(session.provider) ?? 0) + 1);
    return counts;
  }

  async loadBundles(): Promise<void> {
    const reply = await ask(http.GET('/bundles'));
    if (!reply.ok) return this.tell('bad', problemText(reply.problem));
    this.bundles.clear();
    for (const bundle of reply.value.items) this.bundles.set(bundle.id, bundle);
    this.changed();
  }

  private async pages(): Promise<{ items: Session[]; asOf: string } | undefined> {
    const items: Session[] = [];
    let asOf: string | undefined;
    let cursor: string | undefined;
    do {
      const reply = await ask(http.GET('/sessions', { params: { query: { limit: PAGE, ...(cursor ? { cursor } : {}) } } }));
      if (!reply.ok) {
        if (reply.problem.reason === 'unauthenticated') this.needLogin(reply.problem);
        return undefined;
      }
      // The first page's id: later pages may know more, and revisions sort that out.
      asOf ??= reply.value.asOf;
      items.push(...reply.value.items);
      cursor = reply.value.next ?? undefined;
    } while (cursor && items.length < MOST_ROWS);
    this.truncated = cursor !== undefined;
    return { items, asOf: asOf ?? '' };
  }

  // ---- events ------------------------------------------------------------------------------

  private follow(after: string): void {
    this.stream?.stop();
    this.stream = new EventStream(`${BASE}/events`, after || undefined, {
      frame: (frame) => this.frame(frame),
      alive: () => this.alive(),
      lost: () => this.lost(),
      denied: () => this.needLogin({ reason: 'unauthenticated', title: 'The login has ended' }),
    });
    this.stream.start();
  }

  retry(): void {
    this.stream?.now();
  }

  private alive(): void {
    this.lastByte = Date.now();
    if (this.link !== 'live') {
      this.link = 'live';
      this.staleSince = undefined;
      this.changed();
    }
  }

  private lost(): void {
    if (this.link === 'lost') return;
    this.link = 'lost';
    this.staleSince = this.lastByte || undefined;
    this.changed();
  }

  private frame(frame: Frame): void {
    let event: ServerEvent;
    try {
      event = JSON.parse(frame.data) as ServerEvent;
    } catch {
      // An event that cannot be read leaves a hole, and a hole is mended by a new snapshot.
      void this.load();
      return;
    }
    this.apply(event);
  }

  apply(event: ServerEvent): void {
    switch (event.type) {
      case 'session.started':
      case 'session.changed':
        this.putSession(event.session);
        break;
      case 'session.ended':
        this.endSession(event.session);
        break;
      case 'session.merged':
        this.merged.set(event.from, event.into);
        this.dropSession(event.from);
        this.putSession(event.session);
        break;
      case 'transfer.changed':
      case 'transfer.ended':
        this.requested.delete(`transfer:${event.transfer.id}`);
        this.putTransfer(event.transfer);
        if (event.type === 'transfer.ended') this.tellOutcome(event.transfer);
        break;
      case 'provider.changed':
        this.providers.set(event.provider.name, event.provider);
        break;
      case 'provider.removed':
        this.providers.delete(event.provider.name);
        break;
      case 'rollout.changed':
        this.bundles.set(event.bundle.id, event.bundle);
        break;
      case 'reset':
        void this.load();
        if (this.bundles.size > 0) void this.loadBundles();
        break;
      default:
        // A kind of event that this page does not know yet.
        return;
    }
    this.changed();
  }

  putSession(session: Session): void {
    const known = this.sessions.get(session.id);
    if (known && known.revision > session.revision) return;
    this.sessions.set(session.id, session);
    for (const party of session.parties) {
      const before = known?.parties.find((p) => p.id === party.id);
      if (!before || before.state !== party.state) this.requested.delete(`party:${session.id}:${party.id}`);
    }
  }

  private endSession(session: Session): void {
    this.sessions.delete(session.id);
    this.ended.set(session.id, session);
    trim(this.ended, MOST_ENDED);
  }

  private dropSession(id: string): void {
    const session = this.sessions.get(id);
    if (session) this.endSession(session);
  }

  putTransfer(transfer: Transfer): void {
    const known = this.transfers.get(transfer.id);
    // The timeline only grows, so it tells which of two snapshots is the older one.
    if (known && known.timeline.length > transfer.timeline.length) return;
    this.transfers.set(transfer.id, transfer);
    if (this.transfers.size > MOST_ENDED) {
      for (const [id, t] of this.transfers) {
        if (t.phase === 'ended') {
          this.transfers.delete(id);
          break;
        }
      }
    }
  }

  private tellOutcome(transfer: Transfer): void {
    const outcome = transfer.outcome;
    if (!outcome) return;
    const good = outcome.type === 'completed';
    this.tell(good ? 'ok' : outcome.type === 'failed' ? 'bad' : 'info', `Transfer to ${targetText(transfer)}: ${outcome.type}, ${outcome.evidence}`, transfer.session);
  }

  // ---- commands ----------------------------------------------------------------------------

  /** Marks a command as asked; only an event, or a refusal, takes the mark away. */
  asked(key: string, verb: string): void {
    this.requested.set(key, verb);
    const mark = ++this.lastMark;
    this.marks.set(key, mark);
    setTimeout(() => {
      if (this.marks.get(key) !== mark) return;
      this.marks.delete(key);
      if (this.requested.get(key) !== verb) return;
      this.requested.delete(key);
      this.tell('info', `No news of "${verb}" from the PBX for ${NEWS_MS / 1000} s.`);
    }, NEWS_MS);
    this.changed();
  }

  refused(key: string, problem: Problem): void {
    this.requested.delete(key);
    const current = problem.current;
    if (current && 'parties' in current) this.putSession(current);
    this.tell('bad', problem.detail ? `${problem.title}: ${problem.detail}` : problem.title);
  }

  /** Follows a single operation to its end, so that one that fails does not stay "requested". */
  async watch(key: string, operation: Operation): Promise<void> {
    let now = operation;
    for (let i = 0; i < 40 && now.state === 'pending' && this.requested.has(key); i++) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(250 * (i + 1), 2_000)));
      const reply = await ask(http.GET('/operations/{id}', { params: { path: { id: now.id } } }));
      if (!reply.ok) break;
      now = reply.value;
    }
    if (now.state === 'failed') {
      this.tell('bad', `${now.operation}: ${now.cause ? causeText(now.cause) : 'the PBX refused'}`);
    }
    if (now.state !== 'pending') {
      this.requested.delete(key);
      this.changed();
    }
  }

  tell(tone: Notice['tone'], text: string, session?: string): void {
    const id = ++this.noticeId;
    this.notices.push(session ? { id, tone, text, session } : { id, tone, text });
    if (this.notices.length > 4) this.notices.shift();
    setTimeout(() => this.dismiss(id), 12_000);
    this.changed();
  }

  dismiss(id: number): void {
    const at = this.notices.findIndex((n) => n.id === id);
    if (at >= 0) this.notices.splice(at, 1);
    this.changed();
  }

  /** The transfer that moves this session now, or the last one that did. */
  transferOf(session: Session): Transfer | undefined {
    return session.transfer ? this.transfers.get(session.transfer) : undefined;
  }

  /** Listeners are told at most ten times a second, however fast events come. */
  changed(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.version++;
      for (const listener of this.listeners) listener();
    }, NOTIFY_MS);
  }
}

function replace(map: Map<string, Session>, items: Session[]): void {
  map.clear();
  for (const item of items) map.set(item.id, item);
}

function trim(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}

export const store = new Store();

/** Draws the component again when anything in the store has changed. */
export function useStore(): Store {
  useSyncExternalStore(store.subscribe, store.revision);
  return store;
}
