import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';

/* Starts TypeScript's tsserver as an editor does: one JSON request a line, answers with a header. */

/** A place in a file, counted from 1. */
export interface Location {
  readonly line: number;
  readonly offset: number;
}

export interface Diagnostic {
  readonly start: Location;
  readonly end: Location;
  readonly text: string;
}

interface Answer {
  readonly type: string;
  readonly request_seq?: number;
  readonly body?: unknown;
}

export class TypeScriptServer {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly waiting = new Map<number, (body: unknown) => void>();
  private buffer = Buffer.alloc(0);
  private last = 0;

  constructor(folder: string) {
    this.process = spawn(process.execPath, [require.resolve('typescript/lib/tsserver.js')], { cwd: folder });
    this.process.stdout.on('data', (chunk: Buffer) => {
      this.buffer = Buffer.concat([this.buffer, chunk]);
      this.read();
    });
  }

  /** Opens a file and returns its type errors. */
  async open(file: string, fileContent: string): Promise<readonly Diagnostic[]> {
    this.send('open', { file, fileContent });
    return (await this.request('semanticDiagnosticsSync', { file })) as readonly Diagnostic[];
  }

  /** The names of the completions at a place. */
  async completions(file: string, location: Location): Promise<readonly string[]> {
    const body = (await this.request('completionInfo', { file, ...location })) as {
      entries: readonly { name: string }[];
    };
    return body.entries.map(({ name }) => name);
  }

  /** The documentation of what is at a place. */
  async hover(file: string, location: Location): Promise<string> {
    return ((await this.request('quickinfo', { file, ...location })) as { documentation: string }).documentation;
  }

  stop(): void {
    this.process.kill();
  }

  private request(command: string, args: object): Promise<unknown> {
    const seq = this.send(command, args);
    return new Promise((resolve) => this.waiting.set(seq, resolve));
  }

  private send(command: string, args: object): number {
    const seq = ++this.last;
    this.process.stdin.write(`${JSON.stringify({ seq, type: 'request', command, arguments: args })}\n`);
    return seq;
  }

  private read(): void {
    for (;;) {
      const end = this.buffer.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/.exec(this.buffer.toString('utf8', 0, Math.max(end, 0)))?.[1]);
      if (end === -1 || this.buffer.length < end + 4 + length) return;
      const answer = JSON.parse(this.buffer.toString('utf8', end + 4, end + 4 + length)) as Answer;
      this.buffer = this.buffer.subarray(end + 4 + length);
      if (answer.type === 'response' && answer.request_seq !== undefined)
        this.waiting.get(answer.request_seq)?.(answer.body);
    }
  }
}
