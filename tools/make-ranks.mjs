#!/usr/bin/env node
// tools/make-ranks.mjs NODE_MODULES     writes src/tokens/data/{cl100k_base,o200k_base}.bin from npm tiktoken's encoders
//
// A table is a little-endian u32 count, then one length byte per token, then the tokens' bytes, both by rank.
// The special tokens are left out on purpose: in a prompt their text is ordinary text.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const modules = process.argv[2];
if (!modules) {
  console.error("usage: tools/make-ranks.mjs NODE_MODULES (with tiktoken 1.0.22 in it)");
  process.exit(2);
}
const out = join(fileURLToPath(new URL("..", import.meta.url)), "src/tokens/data");

// Lines of "! FIRST_RANK base64 base64 ...".
function tokensOf(ranks) {
  const tokens = [];
  for (const line of ranks.split("\n").filter(Boolean)) {
    const [mark, first, ...encoded] = line.split(" ");
    if (mark !== "!" || Number(first) !== tokens.length) throw new Error(`unexpected line "${line.slice(0, 40)}"`);
    for (const token of encoded) tokens.push(Buffer.from(token, "base64"));
  }
  return tokens;
}

function table(tokens) {
  const longest = tokens.reduce((most, token) => Math.max(most, token.length), 0);
  if (longest > 255) throw new Error(`a token of ${longest} bytes does not fit a length byte`);
  const count = Buffer.alloc(4);
  count.writeUInt32LE(tokens.length);
  return Buffer.concat([count, Buffer.from(tokens.map((token) => token.length)), ...tokens]);
}

for (const name of ["cl100k_base", "o200k_base"]) {
  const { bpe_ranks: ranks } = JSON.parse(readFileSync(join(modules, "tiktoken/encoders", `${name}.json`), "utf8"));
  const tokens = tokensOf(ranks);
  const bytes = table(tokens);
  writeFileSync(join(out, `${name}.bin`), bytes);
  console.log(`${name}: ${tokens.length} tokens, ${bytes.length} bytes`);
}
