// The user's files: loaded once, and again when they have changed. CommonJS and ES modules.

const path = require('node:path');
const { createRequire } = require('node:module');
const { pathToFileURL } = require('node:url');
const { types } = require('node:util');

const LOOK_AGAIN = 200; // ms between two looks at a file
const TRY_AGAIN = 1000; // ms after a file could not be loaded: what it needs may be there now
const modules = new Map(); // file -> { value: promise, files, lookedAt, failedAt, version }
let versions = 0;

function stateOf(file) {
  try {
    const found = fs.statSync(file);
    return `${found.ino}:${found.size}:${found.mtimeMs}`;
  } catch {
    return ''; // an editor is about to put the new one there
  }
}

function hasChanged(entry) {
  const now = Date.now();
  if (now - entry.lookedAt < LOOK_AGAIN) return false;
  entry.lookedAt = now;
  for (const [file, was] of entry.files) {
    const is = stateOf(file);
    if (is && is !== was) return true;
  }
  return false;
}

const mayBeMended = (entry) => entry.failedAt && Date.now() - entry.failedAt > TRY_AGAIN;

const isOwn = (file) => path.isAbsolute(file) && !file.includes(`${path.sep}node_modules${path.sep}`);

async function loadOnce(file, entry) {
  const own = createRequire(file);
  for (const known of entry.files.keys()) delete own.cache[known];
  entry.files = new Map([[file, stateOf(file)]]);
  entry.sha256 = hashOf(file);
  // Node keeps what it has imported by its URL, so each version has one of its own.
  const url = `${pathToFileURL(file).href}?version=${entry.version}`;
  if (file.endsWith('.mjs')) return import(url);
  try {
    const before = new Set(Object.keys(own.cache));
    const value = own(file);
    for (const known of Object.keys(own.cache)) {
      if (!before.has(known) && isOwn(known)) entry.files.set(known, stateOf(known));
    }
    return types.isModuleNamespaceObject(value) && entry.again ? import(url) : value;
  } catch (error) {
    const isModule = error?.code === 'ERR_REQUIRE_ESM' || error?.code === 'ERR_REQUIRE_ASYNC_MODULE' ||
      (error instanceof SyntaxError && /\b(import statement|Unexpected token 'export')/.test(error.message));
    if (!isModule) throw error;
    return import(url);
  }
}

// `make` turns what the file exports into what is kept of it, once for each version: { script, ... }.
function moduleOf(kind, file, key, make) {
  let entry = modules.get(key);
  if (entry && !hasChanged(entry) && !mayBeMended(entry)) return entry.value;
  entry = entry ? Object.assign(entry, { again: true }) : { files: new Map(), again: false };
  modules.set(key, entry);
  entry.version = ++versions;
  entry.lookedAt = Date.now();
  entry.failedAt = 0;
  const name = path.basename(file);
  entry.value = speaker.run(name, async () => {
    const exported = await loadOnce(file, entry);
    const made = make(exported?.default ?? exported, entry.sha256);
    noteLoaded(made.script);
    return made;
  });
  entry.value.catch((error) => {
    Object.assign(entry, { lookedAt: 0, failedAt: Date.now() }); // a mended file is seen at once
    noteProblem({ kind, file, name: '' }, error);
  });
  return entry.value;
}
