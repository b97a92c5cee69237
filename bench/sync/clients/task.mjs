// One task of a client, named on the command line; what it found is its last line.

/** Runs the named task with its options. */
export async function perform(tasks) {
  let [name, options = '{}'] = process.argv.slice(2);
  let found = await tasks[name](JSON.parse(options));
  console.log(JSON.stringify(found ?? {}));
  process.exit(0);
}

/** Milliseconds since `begun`. */
export function since(begun) {
  return performance.now() - begun;
}

/** Waits until `is` says so, or fails: who loses something must not look fast. Asking costs, too: not too often. */
export async function until(is, what, everyMs = 2) {
  for (let begun = Date.now(); !(await is()); await new Promise((done) => setTimeout(done, everyMs))) {
    if (Date.now() - begun > 600_000) throw new Error(`still waiting: ${what}`);
  }
}

/** The value below which this share of the sorted ones lies. */
export function share(values, of) {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * of)];
}
