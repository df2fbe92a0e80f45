import { type Frame, SseParser } from './sse';

/** A heartbeat comes every 10 s; a stream that is silent for longer than this is taken for dead. */
export const SILENCE_MS = 25_000;
const WAITS_MS = [500, 1_000, 2_000, 4_000, 8_000];

export interface StreamListener {
  frame(frame: Frame): void;
  /** Bytes came: the stream is alive. */
  alive(): void;
  /** It is broken and will be tried again. */
  lost(): void;
  /** The login has ended; it is not tried again. */
  denied(): void;
}

/**
 * Server-sent events over `fetch`, because the browser's own EventSource hides the heartbeats and
 * the status of a refusal. Goes on after the last event that was seen.
 */
export class EventStream {
  private closed = false;
  private failures = 0;
  private abort = new AbortController();
  private watchdog: ReturnType<typeof setTimeout> | undefined;
  private wake: (() => void) | undefined;

  constructor(
    private readonly url: string,
    private lastId: string | undefined,
    private readonly listener: StreamListener,
  ) {}

  start(): void {
    addEventListener('online', this.now);
    void this.run();
  }

  stop(): void {
    this.closed = true;
    removeEventListener('online', this.now);
    this.now();
    this.abort.abort();
  }

  /** Tries at once instead of waiting. */
  readonly now = (): void => this.wake?.();

  private async run(): Promise<void> {
    while (!this.closed) {
      const denied = await this.once();
      clearTimeout(this.watchdog);
      if (this.closed) return;
      if (denied) {
        this.listener.denied();
        return;
      }
      this.listener.lost();
      await this.pause();
    }
  }

  /** One connection until it breaks; true where the server wants a login. */
  private async once(): Promise<boolean> {
    this.abort = new AbortController();
    this.watch();
    try {
      const headers: Record<string, string> = { Accept: 'text/event-stream' };
      if (this.lastId) headers['Last-Event-ID'] = this.lastId;
      const response = await fetch(this.url, { headers, signal: this.abort.signal, cache: 'no-store', credentials: 'same-origin' });
      if (response.status === 401 || response.status === 403) return true;
      if (response.ok && response.body) await this.read(response.body);
    } catch {
      // A broken connection ends here like a closed one: lost() tells, run() tries again.
    }
    return false;
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    const parser = new SseParser();
    const decoder = new TextDecoder();
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.closed) return;
      this.failures = 0;
      this.watch();
      this.listener.alive();
      for (const frame of parser.push(decoder.decode(value, { stream: true }))) {
        if (frame.id) this.lastId = frame.id;
        this.listener.frame(frame);
      }
    }
  }

  private watch(): void {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => this.abort.abort(), SILENCE_MS);
  }

  private pause(): Promise<void> {
    const wait = WAITS_MS[Math.min(this.failures++, WAITS_MS.length - 1)] ?? 0;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, wait * (0.75 + Math.random() / 2));
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
