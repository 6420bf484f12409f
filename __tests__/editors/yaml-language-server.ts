import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/* Starts yaml-language-server as an editor does: JSON-RPC over standard input and output. */

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Diagnostic {
  readonly range: { readonly start: Position; readonly end: Position };
  readonly message: string;
}

type Message = Readonly<{ id?: number; method?: string; params?: unknown; result?: unknown; error?: unknown }>;

export class YamlLanguageServer {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly waiting = new Map<number, (result: unknown) => void>();
  private readonly diagnosed = new Map<string, (found: readonly Diagnostic[]) => void>();
  private buffer = Buffer.alloc(0);
  private last = 0;

  constructor() {
    const server = join(dirname(require.resolve('yaml-language-server/package.json')), 'bin', 'yaml-language-server');
    this.process = spawn(process.execPath, [server, '--stdio']);
    this.process.stdout.on('data', (chunk: Buffer) => {
      this.buffer = Buffer.concat([this.buffer, chunk]);
      this.read();
    });
  }

  async start(folder: string): Promise<void> {
    const uri = pathToFileURL(folder).href;
    const capabilities = {
      textDocument: {
        completion: { completionItem: { documentationFormat: ['markdown'], snippetSupport: true } },
        hover: { contentFormat: ['markdown'] },
        publishDiagnostics: {},
      },
      workspace: { configuration: true },
    };
    await this.request('initialize', {
      processId: null,
      rootUri: uri,
      capabilities,
      workspaceFolders: [{ uri, name: 'a' }],
    });
    this.notify('initialized', {});
  }

  /** Opens a file and returns its problems. */
  open(file: string, text: string): Promise<readonly Diagnostic[]> {
    const uri = pathToFileURL(file).href;
    const found = new Promise<readonly Diagnostic[]>((resolve) => this.diagnosed.set(uri, resolve));
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
    return found;
  }

  /** The labels of the completions at a place. */
  async completions(file: string, position: Position): Promise<readonly { label: string; documentation?: unknown }[]> {
    const params = { textDocument: { uri: pathToFileURL(file).href }, position };
    const result = (await this.request('textDocument/completion', params)) as {
      readonly items: readonly { label: string; documentation?: unknown }[];
    };
    return result.items;
  }

  /** The text of the hover at a place. */
  async hover(file: string, position: Position): Promise<string> {
    const params = { textDocument: { uri: pathToFileURL(file).href }, position };
    const result = (await this.request('textDocument/hover', params)) as { contents: { value: string } } | null;
    return result?.contents.value ?? '';
  }

  stop(): void {
    this.process.kill();
  }

  private request(method: string, params: unknown): Promise<unknown> {
    const id = ++this.last;
    const answer = new Promise<unknown>((resolve) => this.waiting.set(id, resolve));
    this.send({ id, method, params });
    return answer;
  }

  private notify(method: string, params: unknown): void {
    this.send({ method, params });
  }

  private send(message: Message): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.process.stdin.write(`Content-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`);
  }

  private read(): void {
    for (;;) {
      const end = this.buffer.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/.exec(this.buffer.toString('utf8', 0, Math.max(end, 0)))?.[1]);
      if (end === -1 || this.buffer.length < end + 4 + length) return;
      const body = this.buffer.toString('utf8', end + 4, end + 4 + length);
      this.buffer = this.buffer.subarray(end + 4 + length);
      this.receive(JSON.parse(body) as Message);
    }
  }

  private receive({ id, method, params, result }: Message): void {
    if (method === 'textDocument/publishDiagnostics') {
      const { uri, diagnostics } = params as { uri: string; diagnostics: readonly Diagnostic[] };
      this.diagnosed.get(uri)?.(diagnostics);
    } else if (method === 'workspace/configuration' && id !== undefined) {
      // Editors without settings of their own. The store of schemas is in the network.
      const { items } = params as { items: readonly { section?: string }[] };
      const settings = { validate: true, hover: true, completion: true, schemaStore: { enable: false } };
      this.send({ id, result: items.map(({ section }) => (section === 'yaml' ? settings : {})) });
    } else if (method !== undefined && id !== undefined) this.send({ id, result: null });
    else if (id !== undefined) this.waiting.get(id)?.(result);
  }
}
