import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Frame } from './sse';
import { EventStream, SILENCE_MS } from './stream';

class Connection {
  private controller!: ReadableStreamDefaultController<Uint8Array>;
  readonly body = new ReadableStream<Uint8Array>({ start: (c) => void (this.controller = c) });
  constructor(
    readonly lastId: string | null,
    readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', () => this.controller.error(new DOMException('aborted', 'AbortError')));
  }
  send = (text: string) => this.controller.enqueue(new TextEncoder().encode(text));
  breakOff = () => this.controller.error(new TypeError('network'));
  end = () => this.controller.close();
}

describe('the event stream', () => {
  const connections: Connection[] = [];
  const said: string[] = [];
  const frames: Frame[] = [];
  let status = 200;
  let stream: EventStream;

  beforeEach(() => {
    vi.useFakeTimers();
    connections.length = said.length = frames.length = 0;
    status = 200;
    vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => {
      if (status !== 200) return new Response('', { status });
      const connection = new Connection(new Headers(init.headers).get('Last-Event-ID'), init.signal as AbortSignal);
      connections.push(connection);
      return new Response(connection.body);
    });
    stream = new EventStream('/api/v1/events', 'e:5', {
      frame: (f) => frames.push(f),
      alive: () => said.push('alive'),
      lost: () => said.push('lost'),
      denied: () => said.push('denied'),
    });
  });
  afterEach(() => {
    stream.stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  const settle = () => vi.advanceTimersByTimeAsync(0);

  it('begins after the snapshot', async () => {
    stream.start();
    await settle();
    expect(connections[0]?.lastId).toBe('e:5');
  });

  it('goes on after the last event that it saw, when the connection breaks', async () => {
    stream.start();
    await settle();
    connections[0]?.send('id: e:6\ndata: {}\n\n');
    await settle();
    connections[0]?.breakOff();
    await settle();
    expect(said.at(-1)).toBe('lost');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(connections[1]?.lastId).toBe('e:6');
    connections[1]?.send(': beat\n\n');
    await settle();
    expect(said.at(-1)).toBe('alive');
  });

  it('takes a stream without a byte for 25 s for dead, and a heartbeat for life', async () => {
    stream.start();
    await settle();
    for (let i = 0; i < 6; i++) {
      await vi.advanceTimersByTimeAsync(10_000);
      connections[0]?.send(': beat\n\n');
      await settle();
    }
    expect(said).not.toContain('lost');
    await vi.advanceTimersByTimeAsync(SILENCE_MS - 1);
    expect(said).not.toContain('lost');
    await vi.advanceTimersByTimeAsync(2);
    expect(said.at(-1)).toBe('lost');
  });

  it('tries again ever more slowly, at once when told', async () => {
    status = 503;
    stream.start();
    await vi.advanceTimersByTimeAsync(60_000);
    const tries = said.filter((s) => s === 'lost').length;
    expect(tries).toBeGreaterThan(4);
    expect(tries).toBeLessThan(15);
    status = 200;
    stream.now();
    await settle();
    expect(connections).toHaveLength(1);
  });

  it('does not try again where a login is needed', async () => {
    status = 401;
    stream.start();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(said).toEqual(['denied']);
  });
});
