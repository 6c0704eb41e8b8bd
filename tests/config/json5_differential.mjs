// What the npm package json5 makes of every text in a corpus: the other half of src/config/json5_differential_test.cpp.
//
//   node json5_differential.mjs CORPUS ANSWERS
//
// CORPUS is a JSON list of texts. ANSWERS gets one JSON value per text: null when json5 refuses it, else the
// value with numbers as {"n": bits} and objects as {"o": [[key, value], ...]}. Exit code 77: json5 is not there.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
const places = [
  process.env.CCR_JSON5,
  join(process.env.CCR_TOOLS || join(cache, "ccr-tools"), "e2e"),
].filter(Boolean);

function load() {
  for (const place of places) {
    try {
      return createRequire(join(place, "here.js"))("json5");
    } catch {
      // Not in this place.
    }
  }
  process.stderr.write(`json5 is in none of: ${places.join(", ")}\n`);
  process.exit(77);
}

function bits(number) {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Number.isNaN(number) ? NaN : number);
  return view.getBigUint64(0).toString(16).padStart(16, "0");
}

function canonical(value) {
  if (typeof value === "number") return { n: Number.isNaN(value) ? "nan" : bits(value) };
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value === "boolean") return value;
  return { o: Object.keys(value).map((key) => [key.toWellFormed(), canonical(value[key])]) };
}

const JSON5 = load();
console.warn = () => {}; // about U+2028 in strings
const answers = JSON.parse(readFileSync(process.argv[2], "utf8")).map((text) => {
  try {
    return { v: canonical(JSON5.parse(text)) };
  } catch {
    return null;
  }
});
writeFileSync(process.argv[3], JSON.stringify(answers));
