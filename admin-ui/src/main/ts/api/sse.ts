/** One event of a stream, as it was sent. */
export interface Frame {
  id: string;
  type: string;
  data: string;
}

/** Takes the text of an event stream apart, in pieces of any size (HTML, 9.2.6). */
export class SseParser {
  private rest = '';
  private id = '';
  private type = '';
  private data: string[] = [];

  push(text: string): Frame[] {
    const frames: Frame[] = [];
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      const frame = this.line(line);
      if (frame) frames.push(frame);
    }
    return frames;
  }

  private line(line: string): Frame | undefined {
    if (line === '') return this.dispatch();
    const colon = line.indexOf(':');
    if (colon === 0) return undefined;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'id' && !value.includes('\0')) this.id = value;
    else if (field === 'event') this.type = value;
    else if (field === 'data') this.data.push(value);
    return undefined;
  }

  private dispatch(): Frame | undefined {
    const frame = { id: this.id, type: this.type || 'message', data: this.data.join('\n') };
    const whole = this.data.length > 0;
    this.type = '';
    this.data = [];
    return whole ? frame : undefined;
  }
}
