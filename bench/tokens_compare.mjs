// Our tokenizers and npm tiktoken on the project's own sources, one after the other in one run.
//
//   node bench/tokens_compare.mjs [TOKENS_BENCH]
//
// Both are told by the processor's time, single-threaded, the best of several rounds.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { requireBeside } from "../tests/tokens/node_modules_of.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const bench = process.argv[2] ?? join(root, "build/bench/bench/tokens_bench");
const ROUNDS = 3;

const sources = readdirSync(join(root, "src"), { recursive: true }).filter((name) => /\.(h|cpp)$/.test(name)).sort();
const text = sources.map((name) => readFileSync(join(root, "src", name), "utf8")).join("");
const bytes = Buffer.byteLength(text);

function theirs(name) {
  const encoding = requireBeside("tiktoken")("tiktoken").get_encoding(name);
  let best = 0;
  for (let i = 0; i < ROUNDS; ++i) {
    const before = process.cpuUsage();
    encoding.encode_ordinary(text);
    const { user, system } = process.cpuUsage(before);
    best = Math.max(best, bytes / (user + system));
  }
  return best;
}

function ours(name) {
  const filter = `count_${name.replace("_base", "")}/0`;
  const options = [`--benchmark_filter=^${filter}$`, "--benchmark_format=json", `--benchmark_repetitions=${ROUNDS}`];
  const report = JSON.parse(execFileSync(bench, options, { stdio: ["ignore", "pipe", "ignore"] }));
  const rates = report.benchmarks.filter((run) => run.run_type === "iteration").map((run) => run.bytes_per_second);
  return Math.max(...rates) / 1e6;
}

for (const name of ["cl100k_base", "o200k_base"]) {
  const [a, b] = [ours(name), theirs(name)];
  console.log(`${name}: ${(bytes / 1e6).toFixed(2)} MB of source code, ours ${a.toFixed(1)} MB/s, tiktoken ${b.toFixed(2)} MB/s, ${(a / b).toFixed(1)} times`);
}
