// How long the page's own pieces of work are, out of the browser's trace. Times are those of the processor (`tdur`): what other programs
// do at the same time does not count.
const categories = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'];

/** Traces the page while `doing` goes on; the longest tasks of its main thread, each with what took most of it. */
export async function longestWork(browser, tab, doing, count = 5) {
  await browser.startTracing(tab, { categories });
  await doing();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const main = mainThread(traceEvents);
  const own = traceEvents.filter((e) => e.ph === 'X' && `${e.pid} ${e.tid}` === main && e.tdur > 0);
  const tasks = own.filter((e) => e.name === 'RunTask').sort((a, b) => b.tdur - a.tdur);
  const pieces = tasks.slice(0, count).map((task) => ({ ms: task.tdur / 1000, what: partsOf(task, own) }));
  return { pieces, above: tasks.filter((t) => t.tdur > 16_000).length };
}

/** The renderer in which most was called. */
function mainThread(events) {
  const calls = new Map();
  for (const e of events) if (e.name === 'FunctionCall' || e.name === 'FireAnimationFrame') calls.set(`${e.pid} ${e.tid}`, (calls.get(`${e.pid} ${e.tid}`) ?? 0) + 1);
  return [...calls].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** The kinds of work inside of a task, by name, in ms; those of more than a tenth of it. */
function partsOf(task, events) {
  const names = ['FireAnimationFrame', 'TimerFire', 'RunMicrotasks', 'FunctionCall', 'EventDispatch', 'UpdateLayoutTree', 'Layout', 'PrePaint', 'Paint', 'Layerize', 'Commit', 'MinorGC', 'MajorGC', 'ParseHTML', 'V8.GCScavenger', 'XHRReadyStateChange'];
  const sums = new Map();
  for (const e of events) {
    if (e.ts < task.ts || e.ts + (e.dur ?? 0) > task.ts + task.dur || !names.includes(e.name)) continue;
    const name = e.name === 'FunctionCall' ? `${e.args?.data?.functionName || 'function'}()` : e.name;
    sums.set(name, (sums.get(name) ?? 0) + e.tdur / 1000);
  }
  return [...sums].filter(([, ms]) => ms > task.tdur / 10_000).sort((a, b) => b[1] - a[1]).slice(0, 4).map(([name, ms]) => `${name} ${ms.toFixed(0)}`).join(' ');
}
