// From a frame to the call it asks for. `node - LANES GRANTS`: descriptors 3 and on are sockets, one for each of the
// service's threads.

const kill = process.exit.bind(process);
const leave = (code) => kill(code);
const JOBS = { route, transform, names, endpoints, endpoint };
const GRANTS = JSON.parse(process.argv[3]); // what the service has held this process to

function failureOf(error, head) {
  return { plugin: head.plugin, hook: head.hook, message: wordsOfFailure(error), stack: error?.stack ?? '', ...error?.ccr };
}

async function work(lane, id, head, body) {
  const fail = (error) => lane.send('F', id, failureOf(error, head));
  listener = lane;
  const call = { lane, id, fail, settings: lane.settings, began: () => lane.send('B', id) };
  try {
    const answer = await JOBS[head.do](head, body, call);
    if (answer !== undefined) lane.send('R', id, answer);
  } catch (error) {
    fail(error);
  }
}

// Scripts of the reference find the configuration's own simple values in their environment.
function settingsOf(lane, text) {
  lane.settings = text;
  for (const [name, value] of Object.entries(JSON.parse(text || '{}'))) {
    if (!GRANTS.everything && !GRANTS.env.includes(name)) continue;
    if (['string', 'number', 'boolean'].includes(typeof value)) process.env[name] = String(value);
  }
}

function handleFrame(lane, kind, id, head, body) {
  switch (kind) {
    case 'C': return void work(lane, id, JSON.parse(head.toString()), body);
    case 'S': return settingsOf(lane, body.toString());
    case 'P': return lane.send('Q', id);
    default: return lane.calls.get(id)?.(kind, head, body);
  }
}

process.exit = (code) => {
  throw new Error(`process.exit(${code ?? ''}) was called; a plugin may not end the process`);
};
// Node would end the process, and with it what other plugins are doing.
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error) => tell('error', speaker.getStore(), `${event}: ${error?.stack ?? inspect(error)}`));
}
let lanesLeft = Number(process.argv[2]);
// One is closed early when a thread needs this host no more; without any the service has ended.
function laneEnded() {
  if (--lanesLeft === 0) leave(0);
}
const lanes = Array.from({ length: Number(process.argv[2]) }, (_, i) => new Lane(3 + i));
redirect(process.stdout, 'info');
redirect(process.stderr, 'warn');
for (const lane of lanes) lane.send('H', 0);
