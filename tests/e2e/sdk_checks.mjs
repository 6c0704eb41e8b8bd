// What the SDK checks share: finding the pinned packages, comparing, and running one check after another.
// A line per check, "ok NAME" or "not ok NAME: why"; exit status 1 when one failed.
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const packages = path.join(process.env.CCR_E2E_PACKAGES, 'node_modules');

export const load = (name) => import(pathToFileURL(createRequire(path.join(packages, 'x.js')).resolve(name)));

export const check = (condition, message) => { if (!condition) throw new Error(message); };

export const equal = (got, wanted, what) =>
  check(JSON.stringify(got) === JSON.stringify(wanted), `${what}: ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`);

export const failure = async (work) => { try { await work(); } catch (error) { return error; } throw new Error('no error came'); };

export async function run(checks) {
  let failed = 0;
  for (const [name, work] of Object.entries(checks)) {
    try {
      await work();
      console.log(`ok ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`not ok ${name}: ${error.stack ?? error}`);
    }
  }
  process.exit(failed ? 1 : 0);
}
