// A stand-in for the server, for the time until it is there. Thrown away afterwards.
// node dev/standin.mjs [PORT] [delstep arguments…]
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const port = Number(process.argv[2] ?? 8642);
const args = process.argv.slice(3);
const out = join(mkdtempSync(join(tmpdir(), 'standin-')), 'out');
const program = process.env.DELSTEP ?? '/work/main/build/release/delstep';
const child = spawn(program, [...args, '--json', '--out', out], { stdio: ['pipe', 'pipe', 'inherit'] });
let nextId = 1;
const waiting = new Map();
let rest = '';
child.stdout.on('data', (d) => {
  rest += d;
  const lines = rest.split('\n');
  rest = lines.pop();
  for (const line of lines) {
    const o = JSON.parse(line);
    const w = waiting.get(o.id);
    if (!w) continue;
    if (o.cmd !== undefined && !('progress' in o)) w.answers.push(o);
    if (o.done) { waiting.delete(o.id); w.done(w.answers); }
  }
});
function ask(cmd) {
  const id = nextId++;
  return new Promise((done) => {
    waiting.set(id, { answers: [], done });
    child.stdin.write(JSON.stringify({ id, cmd }) + '\n');
  });
}
let events = [];
let read = 0;
function readEvents() {
  const file = join(out, 'events.jsonl');
  if (!existsSync(file)) return;
  const text = readFileSync(file, 'utf8');
  const end = text.lastIndexOf('\n') + 1;
  const fresh = text.slice(read, end).split('\n').filter(Boolean).map((l) => JSON.parse(l))
    .filter((e) => !(e.type === 'command_done' && internal.has(e.command)));
  read = end;
  const first = events.length;
  events.push(...fresh);
  if (fresh.length) push('events', { first, events: fresh }, events.length);
}
const internal = new Set(['status', 'neighborhood', 'messages', 'history', 'positions', 'group list', 'stats', 'link', 'data show', 'help']);
const one = async (cmd) => (await ask(cmd))[0]?.result ?? null;
let nodes = [];
const ix = (a) => { let i = nodes.findIndex((n) => n.node === a); return i; };
const states = new Map();
const linksAt = new Map();
let history = null;
let labels = null;
let version = 0;
let links = null;
async function refresh() {
  const st = await one('status');
  const nb = await one('neighborhood');
  const ms = await one('messages');
  const hi = await one('history 100000');
  const ps = await one('positions');
  const gr = await one('group list');
  const stats = await one('stats');
  if (!labels) labels = await one('data show');
  ++version;
  for (const n of nb.nodes) if (ix(n.node) < 0) nodes.push({ node: n.node, name: n.name });
  const present = hi.moments.find((m) => m.present);
  history = {
    version, present: present.moment, branch: present.branch, oldest: 0, goes_back: true, why_not: null,
    branches: [...new Set(hi.moments.map((m) => m.branch))].map((b) => ({ branch: b, last: Math.max(...hi.moments.filter((m) => m.branch === b).map((m) => m.moment)) })),
    marks: hi.moments.flatMap((m) => m.marks.map((mark) => ({ mark, moment: m.moment }))),
    moments: hi.moments.map((m) => ({ moment: m.moment, parent: parents.get(m.moment) ?? (m.moment ? m.moment - 1 : null), branch: m.branch, t: m.t, cycle: m.cycle, cmd: m.cmd, kept: true, event: 0 })),
  };
  const rows = st.nodes;
  const tests = {};
  for (const r of rows) if (r.test_scope) tests[r.test_scope] ??= { accuracy: rows.map((q) => q.test_scope === r.test_scope ? q.test_acc : null), loss: rows.map((q) => q.test_loss), old: rows.map(() => 0) };
  const index = rows.map((r) => ix(r.node));
  const placed = process.env.PLACES && ps?.positions?.length === rows.length;
  const messages = ms.messages.map((m) => ({ message: m.message, from: ix(m.from), to: ix(m.to), bytes: m.bytes, state: m.state, sent: null, arrives: m.arrives }));
  const col = (f) => rows.map(f);
  const state = {
    moment: present.moment, branch: present.branch, t: st.sim_time, cycle: st.cycle, autonet: st.autonet,
    nodes: {
      index, up: col((r) => r.up ? 1 : 0), examples: nb.nodes.map((n) => n.examples), trained: col((r) => r.trainings), busy_until: col((r) => r.busy_until),
      outbox: col((r) => r.outbox), in_flight_to: col((r) => r.in_flight_to ?? 0), inbox: col((r) => r.inbox), guestbook: col((r) => r.encounter_count),
      loss: col((r) => r.train_loss), tests, ...(placed ? { x: ps.positions.map((p) => p.x), y: ps.positions.map((p) => p.y) } : {}),
      attack: col((r) => r.attack ?? 'off'), behaviour: col((r) => r.behaviour), rate: col((r) => r.rate),
    },
    groups: (gr?.groups ?? []).map((g) => ({ group: g.group, nodes: (g.members ?? []).map(ix) })),
    counts: { sent: stats.sent, delivered: stats.delivered, lost: stats.lost, in_flight: stats.in_flight, queued: stats.queued, bytes: stats.bytes },
    last_scope: Object.keys(tests)[0] ?? null, consensus: stats.consensus_distance, messages: messages.slice(0, 400), messages_left_out: 0, links: version,
  };
  states.set(present.moment, state);
  const pairs = []; const one_way = [];
  const edges = new Set(nb.nodes.flatMap((n) => n.neighbours.map((m) => `${ix(n.node)} ${ix(m)}`)));
  for (const e of edges) { const [a, b] = e.split(' ').map(Number); if (!edges.has(`${b} ${a}`)) one_way.push([a, b]); else if (a < b) pairs.push([a, b]); }
  links = { version, pairs, one_way, down: [], default: { loss: 0, latency: '0s', bandwidth: null }, own: [] };
  linksAt.set(present.moment, links);
  readEvents();
  push('present', presentNow());
}
const parents = new Map();
function presentNow() {
  const s = states.get(history.present);
  return { moment: s.moment, branch: s.branch, t: s.t, cycle: s.cycle, queued: s.counts.queued, nodes: s.nodes.index.length, links: links.pairs.length, history: version, prompt: `[cycle ${s.cycle}]> `, next: null, busy: null };
}
const streams = new Set();
function push(event, data, id) {
  for (const s of streams) s.write(`event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
}
let commands = [];
let watch = false;
process.on('exit', () => child.kill());
async function hello() {
  return { v: 2, version: 'standin', scenario: args[0] ?? 'mnist-12', rights: watch ? 'watch' : 'command', recorded: false, share: `http://127.0.0.1:${port}/?token=look`, data: 'mnist',
    classes: Object.keys(labels.nodes[0].labels ?? {}), parameters: 25450, backend: 'builtin', goes_back: true, area: [1000, 1000], nodes, commands,
    metrics: ['test_acc:local'], oldest_event: 0, next_event: events.length };
}
let queue = Promise.resolve();
async function command(text) {
  const all = [];
  let parts = /[{"]/.test(text) ? [text] : text.split(';');
  for (const part of parts.map((p) => p.trim()).filter(Boolean)) {
    push('present', { ...presentNow(), busy: { client: 'page 1', cmd: part, seconds: 0, done: 0, of: 0 } });
    const answers = await ask(part);
    for (const a of answers) { a.client = 'page 1'; a.text = a.ok ? JSON.stringify(a.result).slice(0, 300) : a.error.message; a.says = a.text.slice(0, 100); push('answer', a); }
    all.push(...answers);
    readEvents();
    for (const e of events) if (e.type === 'moment_made') parents.set(e.moment, e.parent);
    await refresh();
    if (answers.some((a) => !a.ok)) break;
  }
  const bad = all.find((a) => !a.ok);
  return { ok: !bad, code: bad?.error.code ?? 0, answers: all };
}
const json = (res, o, code = 200) => { res.writeHead(code, { 'content-type': 'application/json; charset=utf-8' }); res.end(JSON.stringify(o)); };
const page = () => readFileSync(process.env.PAGE ?? new URL('../../build/page/index.html', import.meta.url));
const body = (req) => new Promise((d) => { let b = ''; req.on('data', (c) => (b += c)); req.on('end', () => d(b)); });
const gets = {
  '/api/hello': hello,
  '/api/state': (q) => states.get(q.moment ?? history.present),
  '/api/links': (q) => linksAt.get(q.moment ?? history.present),
  '/api/history': () => history,
  '/api/events': (q) => ({ first: q.since ?? 0, next: Math.min(events.length, (q.since ?? 0) + (q.limit ?? 5000)), oldest: 0, events: events.slice(q.since ?? 0, (q.since ?? 0) + (q.limit ?? 5000)) }),
  '/api/labels': () => ({ classes: Object.keys(labels.nodes[0].labels ?? {}), nodes: labels.nodes.map((n) => ({ node: n.node, counts: Object.values(n.labels ?? {}), entropy: n.entropy })) }),
  '/api/messages': (q) => ({ messages: states.get(q.moment ?? history.present)?.messages ?? [], left_out: 0 }),
  '/api/votes': () => ({ ask: null, counts: [] }),
  '/api/lessons': () => ({ lessons: [] }),
  '/api/help': async (q) => ({ lines: String((await one(`help ${q.command ?? ''}`))?.text ?? '').split('\n') }),
  '/api/complete': (q) => { const w = String(q.line).split(' ').pop(); return { begin: q.line.length - w.length, words: ['train', 'test', 'flood', 'nstep', 'ag', ...nodes.map((n) => n.node)].filter((c) => c.startsWith(w)), hint: '' }; },
  '/api/why': async (q) => one(`why ${q.node} ${q.source ?? ''}`),
  '/api/node': async (q) => {
    const g = await one(`guestbook ${q.node}`);
    const i = ix(q.node); const s = states.get(q.moment ?? history.present); const k = s.nodes.index.indexOf(i);
    const nb = [...links.pairs, ...links.one_way].filter((p) => p.includes(i)).map((p) => nodes[p[0] === i ? p[1] : p[0]].node);
    return { node: q.node, name: nodes[i].name, up: !!s.nodes.up[k], examples: s.nodes.examples[k], held_out: 0, trained: s.nodes.trained[k], groups: s.groups.filter((x) => x.nodes.includes(i)).map((x) => x.group), rate: 1, model: '', neighbours: nb, last_trained: s.nodes.loss[k] === null ? null : { loss: s.nodes.loss[k], examples: s.nodes.examples[k] },
      tests: Object.entries(s.nodes.tests).map(([scope, t]) => ({ scope, accuracy: t.accuracy[k], loss: t.loss[k], old: false })), guestbook: (g?.nodes?.[0]?.encounters ?? g?.encounters ?? []).filter((e) => e.expiry).map((e) => ({ node: e.peer ?? e.node, name: '', expiry: e.expiry, examples: e.examples, sent: 0, received: s.t - (e.age ?? 0), distance: e.distance })), not_met: [], messages: s.messages.filter((m) => m.from === i || m.to === i).map((m) => ({ ...m, from: nodes[m.from].node, to: nodes[m.to].node })), labels: Object.values(labels.nodes[i]?.labels ?? {}) };
  },
  '/api/curves': (q) => {
    let path = []; for (let m = q.moment ?? history.present; m !== null && m !== undefined; m = m === 0 ? null : parents.get(m) ?? m - 1) path.unshift(m);
    path = path.filter((m) => states.has(m));
    const ss = path.map((m) => states.get(m)); const metrics = {};
    const add = (name, f) => { const per = nodes.map((_, i) => ss.map((s) => { const k = s.nodes.index.indexOf(i); return k < 0 ? null : f(s, k); }));
      const of = ss.map((_, j) => per.map((p) => p[j]).filter((v) => v !== null && v !== undefined).sort((a, b) => a - b)); const qn = (v, p) => v.length ? v[Math.round(p * (v.length - 1))] : null;
      metrics[name] = { count: of.map((v) => v.length), mean: of.map((v) => v.length ? v.reduce((a, b) => a + b) / v.length : null), std: [], min: of.map((v) => v[0] ?? null), max: of.map((v) => v.at(-1) ?? null), p10: of.map((v) => qn(v, 0.1)), p90: of.map((v) => qn(v, 0.9)), nodes: nodes.length <= 60 ? per : undefined }; };
    for (const scope of new Set(ss.flatMap((s) => Object.keys(s.nodes.tests)))) add(`test_acc:${scope}`, (s, k) => s.nodes.tests[scope]?.accuracy[k] ?? null);
    add('train_loss', (s, k) => s.nodes.loss[k]);
    metrics.consensus_distance = { value: ss.map((s) => s.consensus) };
    return { moment: path, t: ss.map((s) => s.t), bytes: ss.map((s) => s.counts.bytes), cycle: ss.map((s) => s.cycle), metrics };
  },
  '/api/heat': (q) => {
    let path = []; for (let m = q.moment ?? history.present; m !== null && m !== undefined; m = m === 0 ? null : parents.get(m) ?? m - 1) path.unshift(m);
    path = path.filter((m) => states.has(m)); const n = nodes.length; const per = Math.ceil(n / (q.rows ?? 200)); const rows = []; for (let i = 0; i < n; i += per) rows.push([i, Math.min(n, i + per) - 1]);
    const v = (m, i) => { const s = states.get(m); const k = s.nodes.index.indexOf(i); const a = q.metric === 'loss' ? s.nodes.loss[k] : s.nodes.tests[s.last_scope]?.accuracy[k]; return a ?? null; };
    const grid = (f) => rows.map(([a, b]) => path.map((m) => { const l = []; for (let i = a; i <= b; ++i) { const x = v(m, i); if (x !== null) l.push(x); } return l.length ? Math.round(1000 * f(l)) : null; }));
    return { columns: path.map((m) => [m, m]), rows, order: nodes.map((_, i) => i), scale: [0, 1], mean: grid((l) => l.reduce((a, b) => a + b) / l.length), min: grid((l) => Math.min(...l)), max: grid((l) => Math.max(...l)), sent: path.map((m) => 0), lost: path.map((m) => 0) };
  },
};
createServer(async (req, res) => {
  const url = new URL(req.url, 'http://x');
  const q = Object.fromEntries([...url.searchParams].map(([k, v]) => [k, ['moment', 'since', 'limit', 'rows', 'columns', 'points'].includes(k) ? Number(v) : v]));
  const token = req.headers['x-delstep-token'] ?? q.token;
  if (!['0', '1', 'x'].includes(token)) return json(res, { error: { message: 'wrong token', hint: '' } }, 403);
  watch = token === '1';
  if (watch && req.method === 'POST' && url.pathname === '/api/cmd') return json(res, { error: { message: 'this address may only look', hint: '' } }, 403);
  if (url.pathname === '/') { res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }); return res.end(page()); }
  if (url.pathname === '/api/stream') {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    streams.add(res); req.on('close', () => streams.delete(res));
    const since = Number(q.since ?? req.headers['last-event-id'] ?? 0);
    res.write(`event: hello\ndata: {"next_event":${events.length}}\n\n`);
    if (since < events.length) res.write(`event: events\nid: ${events.length}\ndata: ${JSON.stringify({ first: since, events: events.slice(since) })}\n\n`);
    res.write(`event: present\ndata: ${JSON.stringify(presentNow())}\n\n`);
    return;
  }
  try {
    if (req.method === 'POST') {
      const b = JSON.parse((await body(req)) || '{}');
      if (url.pathname === '/api/cmd') { const r = (queue = queue.then(() => command(b.cmd))); return json(res, await r); }
      return json(res, { ok: true, stopped: true });
    }
    const f = gets[url.pathname];
    if (!f) return json(res, { error: { message: 'no such path', hint: '' } }, 404);
    const o = await f(q);
    if (!o) return json(res, { error: { message: 'this moment is not kept', hint: '' } }, 404);
    json(res, o);
  } catch (e) { console.error(e); json(res, { error: { message: String(e), hint: '' } }, 500); }
}).listen(port, '127.0.0.1', async function () {
  await refresh();
  console.error(`page: http://127.0.0.1:${this.address().port}/?token=0\nto look on: http://127.0.0.1:${this.address().port}/?token=1`);
});
