// An answer on its way through scripts: as a Response each, and its bytes as they come.

// Whose failure it is, for failureOf().
function blamed(error, plugin, hook) {
  const problem = error instanceof Error ? error : new Error(`it threw ${inspect(error)}`);
  problem.ccr ??= { plugin, hook };
  return problem;
}

const wordsOfBlamed = (error) => `plugin ${error.ccr.plugin}, ${error.ccr.hook}: ${wordsOfFailure(error)}`;
const textOf = (body) => (typeof body === 'string' ? body : JSON.stringify(body));

async function run(plugin, hook, ...values) {
  try {
    return await measured(plugin.script, hook, () => plugin.instance[hook](...values));
  } catch (error) {
    throw blamed(error, plugin.name, hook);
  }
}

const has = (hook) => (plugin) => typeof plugin.instance[hook] === 'function';

// A provider's headers may hold what a Response refuses.
function headersOf(received) {
  const headers = new Headers();
  for (const [name, value] of Array.isArray(received) ? received : Object.entries(received ?? {})) {
    try {
      headers.append(name, value);
    } catch {
      // not for scripts
    }
  }
  return headers;
}

const BODILESS = new Set([204, 205, 304]);

// `hook` is what each of responders() is called with; the client's request is what they know besides.
class Passage {
  constructor(hook, head, body, call) {
    Object.assign(this, { hook, call, waiting: [], unsaid: 0, over: false, unheard: false });
    this.context = { req: requestOf({ ...head, file: head.plugin }, body) };
  }

  // Frames after the result: the provider's answer, what was taken of ours, or the end.
  on(kind, head, body) {
    if (kind === 'A') void this.answer(JSON.parse(head.toString()));
    if (kind === 'D') this.feed(Buffer.from(body));
    if (kind === 'E') this.feed(head.length ? new Error(JSON.parse(head.toString()).message) : null);
    if (kind === 'W') this.taken(JSON.parse(head.toString()));
    if (kind === 'X') this.cancel();
  }

  feed(piece) {
    if (this.unheard) return this.passBy(piece);
    this.waiting.push(piece);
    this.wake?.();
  }

  // The provider goes on for a script that wants no more of it.
  passBy(piece) {
    if (Buffer.isBuffer(piece)) this.call.lane.send('W', this.call.id, piece.length);
  }

  source() {
    return new ReadableStream({
      pull: async (controller) => {
        while (!this.waiting.length && !this.over) await new Promise((done) => { this.wake = done; });
        const piece = this.waiting.shift();
        if (piece instanceof Error) return controller.error(piece);
        if (!piece) return controller.close();
        controller.enqueue(new Uint8Array(piece.buffer, piece.byteOffset, piece.length));
        this.call.lane.send('W', this.call.id, piece.length);
      },
      cancel: () => {
        this.unheard = true;
        for (const piece of this.waiting.splice(0)) this.passBy(piece);
      },
    }, { highWaterMark: 0 });
  }

  async answer({ status, headers }) {
    const plugins = this.responders();
    this.plugin = plugins[0];
    try {
      let response = new Response(BODILESS.has(status) ? null : this.source(), { status, headers: headersOf(headers) });
      for (const plugin of plugins) {
        this.plugin = plugin;
        response = (await run(plugin, this.hook, response, this.context)) ?? response;
        if (!(response instanceof Response) || response.status === 0) throw blamed(new TypeError('it returned no Response'), plugin.name, this.hook);
      }
      this.call.lane.send('O', this.call.id, { status: response.status, headers: [...response.headers] });
      await this.pour(response);
      if (!this.over) this.call.lane.send('E', this.call.id);
    } catch (error) {
      if (!this.over) noteFailure(this.plugin.script, this.hook, error);
      if (!this.over) this.call.fail(blamed(error, this.plugin.name, this.hook));
    }
    this.end();
  }

  async pour(response) {
    if (!response.body) return;
    this.reader = response.body.getReader();
    for (;;) {
      const { done, value } = await speaker.run(this.plugin.name, () => this.reader.read());
      if (done || this.over) return;
      const bytes = typeof value === 'string' ? Buffer.from(value) : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      this.call.lane.send('D', this.call.id, undefined, bytes);
      this.unsaid += bytes.length;
      while (this.unsaid >= WINDOW && !this.over) await new Promise((done_) => { this.drained = done_; });
    }
  }

  taken(size) {
    this.unsaid -= size;
    this.drained?.();
  }

  cancel() {
    this.over = true;
    this.wake?.();
    this.drained?.();
    this.reader?.cancel(new Error('the client left')).catch(() => {});
    this.end();
  }

  end() {
    this.call.lane.calls.delete(this.call.id);
  }
}
