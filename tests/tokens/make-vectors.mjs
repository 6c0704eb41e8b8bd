// Writes vectors.json: texts and the numbers that npm tiktoken gives them, for src/tokens/encoding_test.cpp.
//
//   node tests/tokens/make-vectors.mjs
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { KINDS, Random, randomText } from "./corpus.mjs";
import { requireBeside } from "./node_modules_of.mjs";

const { get_encoding: getEncoding } = requireBeside("tiktoken")("tiktoken");
const random = new Random(7);
const texts = [
  "", "a", " ", "hello world", "don't DON'T we'Ll it'ſ o'er", "if (x != 10000) return a::b;\n\n\t\tdone", "   \n \r\n  x   y  ",
  "HTMLParser parseXML aBC ABc ABC's été É", "!!\u0301a \u0301b e\u0301's", "path//to/file\n/x", "1234567890 ٣٤٥٦ ½Ⅷ",
  "<|endoftext|> and <|fim_prefix|> are text", "\u0000\u0007\u200b\ufeff\u0085", "👩‍💻🏳️‍🌈", "a".repeat(300), " ".repeat(200) + "x", "=".repeat(500),
];
for (const kind of Object.keys(KINDS)) for (let i = 0; i < 3; ++i) texts.push(KINDS[kind](random).slice(0, 300).toWellFormed());
for (let i = 0; i < 60; ++i) texts.push(randomText(random));

const encodings = ["cl100k_base", "o200k_base"].map((name) => [name, getEncoding(name)]);
const lines = texts.map((text) => {
  const numbers = encodings.map(([name, encoding]) => [name, [...encoding.encode_ordinary(text)]]);
  return JSON.stringify({ text, ...Object.fromEntries(numbers) });
});
writeFileSync(fileURLToPath(new URL("vectors.json", import.meta.url)), `[\n${lines.join(",\n")}\n]\n`);
console.log(`${texts.length} texts`);
