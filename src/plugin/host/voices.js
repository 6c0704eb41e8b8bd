// What plugins print and log: lines for the service's log, with the plugin's name. They go the way that the last
// words of a crash go as well, so that none of them is lost by it; a byte that no text has tells them apart.

const { AsyncLocalStorage } = require('node:async_hooks');
const { format, inspect } = require('node:util');
const speaker = new AsyncLocalStorage(); // the plugin whose code runs

const MOST_LINES = 200; // a second; more would be a flood
const MOST_CHARACTERS = 8192; // of one line
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
let tellingSince = 0;
let told = 0;
let dropped = 0;

function speak(line) {
  try {
    fs.writeSync(2, line);
  } catch {
    // The service is ending.
  }
}

function tell(level, plugin, message) {
  const now = Date.now();
  if (now - tellingSince >= 1000) {
    const lost = dropped;
    [tellingSince, told, dropped] = [now, 0, 0];
    if (lost) tell('warn', plugin, `${lost} more lines within a second were dropped`);
  }
  if (++told > MOST_LINES) {
    dropped++;
    return;
  }
  const text = message.length > MOST_CHARACTERS ? message.slice(0, MOST_CHARACTERS) + '...' : message;
  speak(`\x01${JSON.stringify({ level, plugin: plugin ?? '', message: text })}\n`);
}

function redirect(stream, level) {
  let rest = '';
  stream.write = (chunk, encoding, done) => {
    rest += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    const lines = rest.split('\n');
    rest = lines.pop().slice(0, MOST_CHARACTERS);
    for (const line of lines) if (line) tell(level, speaker.getStore(), line);
    const callback = typeof encoding === 'function' ? encoding : done;
    if (callback) process.nextTick(callback);
    return true;
  };
}

// As pino takes its arguments: (text, ...values) or (object, text, ...values).
function wordsOf(first, rest) {
  if (typeof first === 'string') return format(first, ...rest);
  const object = first instanceof Error ? (first.stack ?? String(first)) : inspect(first, { depth: 4, breakLength: 200 });
  return rest.length ? `${format(...rest)} ${object}` : object;
}

function loggerOf(plugin) {
  const logger = { level: 'info', silent() {}, flush() {}, isLevelEnabled: () => true };
  for (const level of LEVELS) logger[level] = (first, ...rest) => tell(level, plugin, wordsOf(first, rest));
  logger.log = logger.info;
  logger.child = () => logger;
  return logger;
}
