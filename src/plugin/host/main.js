// From a frame to the call it asks for. `node - LANES`: descriptors 3 and on are sockets, one for each of the
// service's threads.

const kill = process.exit.bind(process);
const leave = (code) => kill(code);
const JOBS = { route, transform };

function failureOf(error, head) {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : `it threw ${inspect(error)}`;
  return { plugin: head.plugin, hook: head.hook, message, stack: error?.stack ?? '', ...error?.ccr };
}

async function work(lane, id, head, body) {
  const fail = (error) => lane.send('F', id, failureOf(error, head));
  const call = { lane, id, fail, settings: lane.settings, began: () => lane.send('B', id) };
  try {
    const answer = await JOBS[head.do](head, body, call);
    if (answer !== undefined) lane.send('R', id, answer);
  } catch (error) {
    fail(error);
  }
}

function handleFrame(lane, kind, id, head, body) {
  switch (kind) {
    case 'C': return void work(lane, id, JSON.parse(head.toString()), body);
    case 'S': lane.settings = body.toString(); return undefined;
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
const lanes = Array.from({ length: Number(process.argv[2]) }, (_, i) => new Lane(3 + i));
redirect(process.stdout, 'info');
redirect(process.stderr, 'warn');
for (const lane of lanes) lane.send('H', 0);
