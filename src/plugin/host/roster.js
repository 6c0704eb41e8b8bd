// What is loaded and how it fares: told to the service a moment after it has changed, and in one go.

const { createHash } = require('node:crypto');

const TELL_AFTER = 50; // ms
const NETWORK_CALLS = new Set(['connect', 'getaddrinfo', 'bind', 'listen', 'send']);
const MOST_TIMES = 256; // of one hook in one go
let news = new Map(); // kind, file and name -> what is new of a script
let listener = null; // the lane that asked last
let telling = null;

function hashOf(file) {
  try {
    return createHash('sha256').update(fs.readFileSync(file)).digest('hex');
  } catch {
    return ''; // loading it says why
  }
}

function newsOf({ kind, file, name }) {
  const key = `${kind}\n${file}\n${name}`;
  if (!news.has(key)) news.set(key, { kind, file, name, hooks: {} });
  telling ??= setTimeout(tellNews, TELL_AFTER);
  return news.get(key);
}

function tellNews() {
  telling = null;
  const hears = [listener, ...lanes].find((lane) => lane?.isOpen);
  if (!hears) return; // it keeps until something is new again
  hears.send('L', 0, { scripts: [...news.values()] });
  news = new Map();
}

function noteLoaded(script) {
  Object.assign(newsOf(script), { sha256: script.sha256, loaded: Date.now(), has: script.hooks, problem: '' });
}

function noteProblem(script, error) {
  newsOf(script).problem = String(error?.message ?? error);
}

function runOf(script, hook) {
  return (newsOf(script).hooks[hook] ??= { calls: 0, failures: 0, us: [], total_us: 0 });
}

// What a script is refused says which permission it lacks.
function refusalIn(error) {
  if (error.code === 'ERR_ACCESS_DENIED') return ` (${[error.permission, error.resource].filter(Boolean).join(' of ')}); "permissions" does not grant it`;
  if (!GRANTS.network && NETWORK_CALLS.has(error.syscall)) return '; "permissions" grants no network';
  return '';
}

function wordsOfFailure(error) {
  if (!(error instanceof Error)) return `it threw ${inspect(error)}`;
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.name}: ${error.message}${cause}${refusalIn(error) || (cause && refusalIn(error.cause))}`;
}

const counted = new WeakSet(); // failures, once each

function noteFailure(script, hook, error) {
  if (error instanceof Error) {
    if (counted.has(error)) return;
    counted.add(error);
  }
  const run = runOf(script, hook);
  run.failures++;
  run.failure = wordsOfFailure(error);
}

// A hook's run, measured: of a streamed answer until its Response is there.
async function measured(script, hook, work) {
  const began = performance.now();
  try {
    return await speaker.run(script.name, work);
  } catch (error) {
    noteFailure(script, hook, error);
    throw error;
  } finally {
    const run = runOf(script, hook);
    const us = Math.round((performance.now() - began) * 1000);
    run.calls++;
    run.total_us += us;
    if (run.us.length < MOST_TIMES) run.us.push(us);
  }
}
