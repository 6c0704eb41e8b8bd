// Compares token_ids with npm tiktoken, number by number.
//
//   node differential.mjs TOKEN_IDS [full|short] [SEED]
//
// full: 50 MB of mixed text, every code point, 1 000 000 random strings. Exit code 77: tiktoken is not installed.
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Random, everyCodePoint, mixedText, randomText } from "./corpus.mjs";
import { requireBeside } from "./node_modules_of.mjs";

const [tokenIds, form = "short", seed = "1"] = process.argv.slice(2);
const full = form === "full";

const { get_encoding: getEncoding } = requireBeside("tiktoken")("tiktoken");
const folder = mkdtempSync(join(tmpdir(), "ccr-tokens-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const encodings = ["cl100k_base", "o200k_base"].map((name) => ({ name, theirs: getEncoding(name), differing: 0 }));
let compared = 0;
let bytes = 0;

const show = (text) => JSON.stringify(text.length > 200 ? text.slice(0, 200) + "…" : text);

// Texts and answers go through files, one batch at a time.
function compare(texts) {
  const file = join(folder, "texts");
  const out = openSync(file, "w");
  for (const text of texts) {
    const encoded = Buffer.from(text);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(encoded.length);
    writeSync(out, Buffer.concat([size, encoded]));
    bytes += encoded.length;
  }
  closeSync(out);
  for (const encoding of encodings) compareWith(encoding, texts, file);
  compared += texts.length;
}

function compareWith(encoding, texts, file) {
  const answers = join(folder, "numbers");
  execFileSync(tokenIds, [encoding.name, file, answers]);
  const raw = readFileSync(answers);
  const numbers = new Uint32Array(raw.buffer, raw.byteOffset, raw.length / 4);
  let at = 0;
  for (const text of texts) {
    const count = numbers[at];
    const ours = numbers.subarray(at + 1, at + 1 + count);
    at += 1 + count;
    const theirs = encoding.theirs.encode_ordinary(text);
    if (theirs.length === count && theirs.every((id, i) => id === ours[i])) continue;
    encoding.differing += 1;
    if (encoding.differing > 5) continue;
    console.log(`${encoding.name} differs on ${show(text)}\n  tiktoken ${theirs.slice(0, 40)}\n  ours     ${ours.slice(0, 40)}`);
  }
}

class Batch {
  texts = [];
  size = 0;
  add(text) {
    this.texts.push(text);
    this.size += text.length;
    if (this.size > 4_000_000) this.flush();
  }
  flush() {
    if (this.texts.length) compare(this.texts);
    this.texts = [];
    this.size = 0;
  }
}

const random = new Random(Number(seed));
const batch = new Batch();
if (full) everyCodePoint((text) => batch.add(text));
const strings = full ? 1_000_000 : 20_000;
for (let i = 0; i < strings; ++i) batch.add(randomText(random));
batch.flush();
console.log(`${compared} strings compared`);
const before = bytes;
const wanted = full ? 50_000_000 : 1_000_000;
while (bytes + batch.size - before < wanted) batch.add(mixedText(random, 20_000));
batch.flush();

const differing = encodings.reduce((sum, encoding) => sum + encoding.differing, 0);
console.log(`${compared} texts, ${(bytes / 1e6).toFixed(1)} MB, 2 encodings: ${differing} differ`);
console.log(differing === 0 ? "2 passed, 0 failed" : `${encodings.filter((e) => e.differing === 0).length} passed, ${encodings.filter((e) => e.differing > 0).length} failed`);
process.exit(differing === 0 ? 0 : 1);
