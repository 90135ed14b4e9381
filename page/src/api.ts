/** The server's side of the page: questions, commands, and the stream that tells what is new. */

export class ApiError extends Error {
  status: number;
  hint: string;

  constructor(status: number, message: string, hint: string) {
    super(message);
    this.status = status;
    this.hint = hint;
  }
}

/** No answer came at all. What the browser says of it (`Failed to fetch`) helps nobody who reads it in a panel. */
export class Unreachable extends Error {
  constructor(readonly detail: string) {
    super('the program does not answer');
  }
}

type Query = Record<string, string | number | null | undefined>;

/** What the stream says; `data` is parsed already. */
export interface StreamListener {
  event(kind: string, data: unknown): void;
  /** `refused`: the token is wrong; `lost`: tries again in `seconds`; `open`: all is well. */
  connection(state: 'open' | 'lost' | 'refused', seconds: number): void;
}

const kinds = ['hello', 'events', 'answer', 'missed', 'present', 'votes', 'end'];
const longestPause = 16; // seconds between two tries

export class Api {
  private token = new URLSearchParams(location.search).get('token') ?? '';
  private source: EventSource | null = null;
  private pause = 1;
  /** How many requests were sent, by method: tests look at it. */
  counts = { get: 0, post: 0 };

  private async ask<T>(path: string, query: Query, init: RequestInit): Promise<T> {
    const url = new URL(path, location.origin);
    for (const [key, value] of Object.entries(query)) {
      if (value !== null && value !== undefined) url.searchParams.set(key, String(value));
    }
    const [reply, text] = await this.fetch(url, { ...init, headers: { 'X-Delstep-Token': this.token, ...init.headers }, cache: 'no-store' });
    let body: unknown = null;
    try {
      body = JSON.parse(text);
    } catch {
      if (reply.ok) throw new ApiError(reply.status, `the answer to ${path} is no JSON`, '');
      // A refusal that is no JSON has no message either; the status tells.
    }
    if (!reply.ok && !(body as { answers?: unknown } | null)?.answers) {
      const error = (body as { error?: { message?: string; hint?: string } } | null)?.error;
      throw new ApiError(reply.status, error?.message ?? `the server answered ${reply.status}`, error?.hint ?? '');
    }
    return body as T;
  }

  private async fetch(url: URL, init: RequestInit): Promise<[Response, string]> {
    try {
      const reply = await fetch(url, init);
      return [reply, await reply.text()];
    } catch (error) {
      throw new Unreachable(error instanceof Error ? error.message : String(error));
    }
  }

  /** A question changes nothing, so it is put once more where the connection was cut before an answer came. */
  async get<T>(path: string, query: Query = {}): Promise<T> {
    ++this.counts.get;
    try {
      return await this.ask<T>(path, query, {});
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      return this.ask<T>(path, query, {});
    }
  }

  post<T>(path: string, body: unknown): Promise<T> {
    ++this.counts.post;
    return this.ask<T>(path, {}, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  }

  /** Listens from event `since()` on, and connects again for as long as the page lives. */
  listen(since: () => number, listener: StreamListener): void {
    const source = new EventSource(`/api/stream?since=${since()}&token=${encodeURIComponent(this.token)}`);
    this.source = source;
    for (const kind of kinds) {
      source.addEventListener(kind, (e) => {
        if (this.source !== source) return;
        this.pause = 1;
        if (kind === 'hello') listener.connection('open', 0);
        listener.event(kind, JSON.parse((e as MessageEvent<string>).data));
      });
    }
    source.onerror = () => {
      // The browser's own way of connecting again does not say how long it waits, nor why it was refused.
      source.close();
      if (this.source === source) void this.again(since, listener);
    };
  }

  stop(): void {
    this.source?.close();
    this.source = null;
  }

  private async again(since: () => number, listener: StreamListener): Promise<void> {
    for (let left = this.pause; left > 0; --left) {
      listener.connection('lost', left);
      await new Promise((done) => setTimeout(done, 1000));
      if (this.source === null) return;
    }
    this.pause = Math.min(longestPause, this.pause * 2);
    try {
      await this.get('/api/hello');
    } catch (error) {
      if (error instanceof ApiError && error.status === 403) return listener.connection('refused', 0);
      return this.again(since, listener);
    }
    this.listen(since, listener);
  }
}
