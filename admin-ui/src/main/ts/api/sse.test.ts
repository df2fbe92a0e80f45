import { describe, expect, it } from 'vitest';
import { SseParser } from './sse';

describe('the parser of an event stream', () => {
  it('takes an event with its id and type', () => {
    expect(new SseParser().push('id: e:1\nevent: session.started\ndata: {"a":1}\n\n')).toEqual([{ id: 'e:1', type: 'session.started', data: '{"a":1}' }]);
  });

  it('finds the same events however the bytes are cut', () => {
    const text = 'id: e:1\nevent: a\ndata: x\ndata: y\n\n: beat\n\nid: e:2\r\nevent: b\r\ndata: z\r\n\r\n';
    for (let cut = 1; cut < text.length; cut++) {
      const parser = new SseParser();
      const frames = [...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))];
      expect(frames, `cut at ${cut}`).toEqual([
        { id: 'e:1', type: 'a', data: 'x\ny' },
        { id: 'e:2', type: 'b', data: 'z' },
      ]);
    }
  });

  it('gives nothing for heartbeats and half an event', () => {
    const parser = new SseParser();
    expect(parser.push(': beat\n\nretry: 5\n\ndata: half')).toEqual([]);
    expect(parser.push('\n\n')).toEqual([{ id: '', type: 'message', data: 'half' }]);
  });

  it('keeps the last id for an event that has none', () => {
    const parser = new SseParser();
    parser.push('id: e:7\ndata: x\n\n');
    expect(parser.push('data: y\n\n')[0]?.id).toBe('e:7');
  });
});
