// The custom router: async (req, config, context) => "provider,model", { model, reasons } or nothing.

function requestOf(head, body) {
  let parsed;
  const req = {
    id: head.id,
    method: 'POST',
    url: head.url,
    pathname: head.url.split('?')[0],
    headers: head.headers,
    sessionId: head.session || undefined,
    tokenCount: head.tokens,
    agents: [],
    query: Object.fromEntries(new URLSearchParams(head.url.split('?')[1] ?? '')),
    log: loggerOf(path.basename(head.file)),
    // Most routers look at a count and a header: the body is parsed for those that look at it.
    get body() {
      parsed ??= JSON.parse(body.toString());
      return parsed;
    },
    set body(value) { parsed = value; },
  };
  return req;
}

// The file's content as the reference hands it over: its own members, and `providers` in either spelling.
function configOf(settings) {
  const config = JSON.parse(settings || '{}');
  config.providers ??= config.Providers;
  config.Providers ??= config.providers;
  return config;
}

const isClass = (value) => typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));

function routerOf(exported) {
  if (isClass(exported)) return routerOf(new exported());
  if (typeof exported === 'function') return exported;
  for (const name of ['router', 'route']) {
    if (typeof exported?.[name] === 'function') return exported[name].bind(exported);
  }
  throw new TypeError('it exports no function (req, config, context)');
}

function answerOf(said) {
  if (!said) return {};
  if (typeof said === 'string') return { choice: said };
  if (typeof said !== 'object') throw new TypeError(`it returned ${typeof said}; "provider,model" or null was expected`);
  const choice = said.model ?? said.route ?? '';
  const reasons = [].concat(said.reasons ?? said.reason ?? []).map(String);
  if (typeof choice !== 'string') throw new TypeError('the member "model" of what it returned is no text');
  if (!choice && !reasons.length) throw new TypeError('it returned an object with neither "model" nor "reasons"');
  return { choice, reasons };
}

async function route(head, body, call) {
  const name = path.basename(head.file);
  const { router, script } = await moduleOf('router', head.file, `router:${head.file}`, (exported, sha256) =>
    ({ router: routerOf(exported), script: { kind: 'router', file: head.file, name, sha256, hooks: ['router'] } }));
  call.began();
  return measured(script, 'router', async () =>
    answerOf(await router(requestOf(head, body), configOf(call.settings), { event: undefined })));
}
