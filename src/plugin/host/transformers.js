// The user's transformers: their names, and their way through one request and its answer.

const WINDOW = 256 * 1024; // bytes of an answer under way, each way
const HOOKS = ['transformRequestIn', 'auth', 'transformResponseOut', 'transformRequestOut', 'transformResponseIn'];

// A class or a constructor is made once with its options; an object is what it is.
function instanceOf(exported, options, file, sha256) {
  const isArrow = typeof exported === 'function' && !exported.prototype;
  let instance = exported;
  if (typeof exported === 'function') instance = isArrow ? exported(options) : new exported(options);
  if (!instance || typeof instance !== 'object') throw new TypeError('it exports neither a class, a function nor an object');
  const name = instance.name || exported.TransformerName || path.basename(file, path.extname(file));
  instance.logger = loggerOf(name);
  const hooks = HOOKS.filter((hook) => typeof instance[hook] === 'function');
  return { name, instance, script: { kind: 'transformer', file, name, sha256, hooks } };
}

function transformerAt({ file, options }) {
  const key = `transformer:${file}:${JSON.stringify(options)}`;
  return moduleOf('transformer', file, key, (exported, sha256) => instanceOf(exported, options, file, sha256));
}

const LOAD_TIME = 2000; // ms that others wait for a file that does not come up
const WANTED_TIME = 4500; // ms that a call waits for what it asks for; ccr gives up at 5000
const late = new WeakSet(); // what took longer: nobody waits for it again

function inTime(loading, time = late.has(loading) ? 0 : LOAD_TIME) {
  let timer;
  const ended = new Promise((_, fail) => {
    timer = setTimeout(() => {
      late.add(loading);
      fail(new Error('it was not loaded in time'));
    }, time);
  });
  return Promise.race([loading, ended]).finally(() => clearTimeout(timer));
}

const rest = (ms) => new Promise((done) => { setTimeout(done, ms).unref(); });

// A name that is wanted and not there may be that of a file which takes its time.
async function whenNamed(wanted, loadings, end) {
  const waiting = new Set(loadings);
  const missing = new Set(wanted);
  for (const loading of loadings) {
    const ends = (made) => { missing.delete(made?.name); waiting.delete(loading); };
    loading.then(ends, () => ends());
  }
  while (missing.size && waiting.size && Date.now() < end) {
    await Promise.race([rest(end - Date.now()), ...[...waiting].map((one) => one.catch(() => {}))]);
  }
}

// Names to scripts: the last file that registers one has it. One that cannot be loaded costs only who asks for it.
async function scriptsByName(head) {
  const end = Date.now() + WANTED_TIME;
  const failures = [];
  const named = new Map();
  const loadings = head.scripts.map(transformerAt);
  const wanted = head.use.map(({ name }) => name);
  let loaded = await Promise.allSettled(loadings.map((loading) => inTime(loading)));
  if (!wanted.every((name) => loaded.some(({ value }) => value?.name === name))) {
    await whenNamed(wanted, loadings, end);
    loaded = await Promise.allSettled(loadings.map((loading) => inTime(loading, 0)));
  }
  loaded.forEach(({ value, reason }, i) => {
    const script = head.scripts[i];
    if (value) named.set(value.name, script);
    else failures.push(`${path.basename(script.file)} cannot be loaded (${reason?.message ?? reason})`);
  });
  return { named, failures };
}

// Which names the files of this host register, of those that are asked for: others may run elsewhere.
async function names(head, body, call) {
  call.began();
  const { named, failures } = await scriptsByName(head);
  return { names: head.use.map(({ name }) => name).filter((name) => named.has(name)), problems: failures };
}

async function chainOf(head) {
  const { named, failures } = await scriptsByName(head);
  return head.use.map(async ({ name, options }) => {
    const script = named.get(name);
    if (!script) throw blamed(new Error([`no file of "transformers" registers it`, ...failures].join('; ')), name, 'loading');
    const own = options ? { file: script.file, options: { ...script.options, ...options } } : script;
    try {
      return await transformerAt(own);
    } catch (error) {
      throw blamed(error, name, 'loading');
    }
  });
}

// A member that is undefined, or the text "undefined", takes a header away.
function mergeHeaders(into, headers) {
  for (const [name, value] of headers instanceof Headers ? headers : Object.entries(headers ?? {})) {
    into[name.toLowerCase()] = value === undefined || value === null || String(value) === 'undefined' ? null : String(value);
  }
}

class Attempt extends Passage {
  constructor(head, body, call) {
    super('transformResponseOut', head, body, call);
    Object.assign(this, { head, body, url: '', headers: {}, failures: [] });
  }

  responders() {
    return this.chain.filter(has(this.hook)).reverse();
  }

  take(result, body) {
    if (!result) return body;
    if (!result.body || typeof result.body !== 'object' || !('body' in result)) return result;
    if (result.config?.url) this.url = String(result.config.url);
    mergeHeaders(this.headers, result.config?.headers);
    return result.body;
  }

  // By scripts.on_failure the request goes on without a script that fails, and the answer too.
  async load() {
    const made = await chainOf(this.head);
    if (!this.head.skip) return Promise.all(made);
    const ended = await Promise.allSettled(made);
    for (const { reason } of ended) if (reason) this.failures.push(wordsOfBlamed(reason));
    return ended.filter(({ reason }) => !reason).map(({ value }) => value);
  }

  // A script that is left out leaves nothing behind.
  async passOrLeaveOut(plugin, hook, body, rest) {
    const before = { text: textOf(body), url: this.url, headers: { ...this.headers } };
    try {
      const made = this.take(await run(plugin, hook, body, ...rest), body);
      textOf(made);
      return made;
    } catch (error) {
      Object.assign(this, { url: before.url, headers: before.headers });
      this.failures.push(wordsOfBlamed(blamed(error, plugin.name, hook)));
      this.chain = this.chain.filter((one) => one !== plugin);
      return typeof body === 'string' ? body : JSON.parse(before.text);
    }
  }

  async pass(hook, body, ...rest) {
    for (const plugin of this.chain.filter(has(hook))) {
      body = this.head.skip ? await this.passOrLeaveOut(plugin, hook, body, rest) : this.take(await run(plugin, hook, body, ...rest), body);
    }
    return body;
  }

  async request() {
    this.chain = await this.load();
    this.call.began();
    const before = JSON.parse(this.body.toString());
    const was = JSON.stringify(before);
    const provider = providerOf(this.head, this.call.settings);
    let body = await this.pass('transformRequestIn', before, provider, this.context);
    body = await this.pass('auth', body, provider);
    const is = textOf(body);
    this.answers = this.chain.some(has('transformResponseOut'));
    const head = { url: this.url, headers: this.headers, answers: this.answers, changed: is !== was, failures: this.failures };
    this.call.lane.send('R', this.call.id, head, is === was ? undefined : Buffer.from(is));
    this.body = null;
  }
}

// What scripts know of a provider: its entry of the configuration, under the reference's names.
function providerOf(head, settings) {
  const entries = configOf(settings).providers;
  const entry = Array.isArray(entries) ? entries.find((one) => one?.name === head.provider.name) : undefined;
  return { ...entry, ...head.provider };
}

async function transform(head, body, call) {
  const attempt = new Attempt(head, body, call);
  call.lane.calls.set(call.id, (...frame) => attempt.on(...frame));
  try {
    await attempt.request();
  } finally {
    if (!attempt.answers) attempt.end();
  }
}
