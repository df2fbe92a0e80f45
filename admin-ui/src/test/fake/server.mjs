// A stand-in for the server: the shapes of openapi.json, 40 calls, and a PBX whose 6001 answers,
// 6002 is busy and 6003 rings for ever. For work on the page and for looking at it; no test of the
// product's behaviour rests on it.
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const WEB = join(dirname(fileURLToPath(import.meta.url)), '../../../target/classes/web');
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.woff': 'font/woff' };
const CSP = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
const NAMES = ['Alice Martin', 'Bob Dubois', 'Chiara Rossi', 'Daniel Weber', 'Emma Laurent', 'Farid Haddad', 'Greta Lindqvist', 'Hugo Bernard', 'Ines Carvalho', 'Jonas Keller', 'Katarzyna Nowak', 'Louis Moreau', 'Maja Horvat', 'Noah Janssen', 'Olivia Grant', 'Pablo Serrano', 'Quentin Faure', 'Rosa Navarro', 'Samuel Okafor', 'Tereza Svobodova'];

export function startFake({ calls = 40, port = 0, providers = true } = {}) {
  const epoch = 'e1';
  let seq = 0;
  let ids = 0;
  const ring = [];
  const streams = new Set();
  const sessions = new Map();
  const transfers = new Map();
  const operations = new Map();
  const sockets = new Set();
  const timers = new Set();
  const iso = (ms = Date.now()) => new Date(ms).toISOString().replace('Z', `${String(Math.floor(Math.random() * 1000)).padStart(3, '0')}Z`);
  const later = (ms, f) => { const t = setTimeout(() => { timers.delete(t); f(); }, ms); timers.add(t); };

  const caps = (no = {}) => ['makeCall', 'hold', 'retrieve', 'alternate', 'blindTransfer', 'consult', 'oneStepConsult', 'complete', 'conference', 'recall', 'park', 'clear'].map((operation) =>
    no[operation] ? { operation, ever: 'no', why: no[operation] } : { operation, ever: operation === 'conference' ? 'unsaid' : 'yes' });
  const PROVIDERS = (!providers ? [] : [
    { name: 'demo', driver: 'simulated', version: '0.1.0', state: 'up', since: iso(), capabilities: caps({ park: 'The profile has no parking places.' }), probe: { usable: true, findings: [{ level: 'ok', subject: 'address', text: 'The PBX answers on its loopback address.' }, { level: 'warn', subject: 'identities', text: 'Connected-party updates are not told.' }] } },
    { name: 'head-office', driver: 'asterisk', version: '0.1.0', state: 'up', since: iso(), capabilities: caps({ oneStepConsult: 'Asterisk has no consultation that dials by itself.' }) },
    { name: 'branch', driver: 'asterisk', version: '0.1.0', state: 'down', since: iso(), why: 'The link is cut; it is tried again.', capabilities: caps() },
  ]).map((p) => ({ why: '', traits: [], limits: {}, sessions: 0, ...p, probe: p.probe ?? { usable: true, findings: [] } }));

  const way = (...names) => names.map((name, i) => ({ name, done: true, text: ['All checks have passed.', 'Installed beside what runs.', 'It runs.', 'Moved: demo in 96 ms, lab in 131 ms.'][i], tookMs: [212, 38, 64, 134][i] }));
  const BUNDLES = [
    { symbolicName: 'com.acme.provider.avaya', version: '2.4.0', state: 'staged', steps: way('verifying') },
    { symbolicName: 'com.acme.provider.mitel', version: '1.1.0', state: 'rolling', steps: [...way('verifying', 'installing', 'starting'), { name: 'rolling', done: true, text: '5 % of the new calls.', tookMs: 60_012 }] },
    { symbolicName: 'com.acme.provider.unify', version: '4.0.1', state: 'draining', why: 'admin takes it out, and no other version is there.', steps: way('verifying', 'installing', 'starting'), draining: { since: iso(Date.now() - 95_000), deadline: iso(Date.now() + 1_705_000), onDeadline: 'release', left: [{ provider: 'branch', sessions: 11 }] } },
    { symbolicName: 'com.acme.provider.avaya', version: '2.3.0', state: 'moving', steps: way('verifying', 'installing', 'starting') },
    { symbolicName: 'com.acme.provider.avaya', version: '2.2.0', state: 'active', steps: way('verifying', 'installing', 'starting', 'moving') },
    { symbolicName: 'com.acme.provider.avaya', version: '2.1.9', state: 'failed', why: 'The version before goes on. head-office: avaya 2.1.9 is not used: rights: the user may not control calls.', steps: [...way('verifying', 'installing', 'starting'), { name: 'moving', done: false, text: 'head-office did not take it.', tookMs: 371 }] },
    { symbolicName: '', version: '', state: 'refused', why: 'It is not signed by anybody. Sign it with bin/jackfield bundle sign.', checks: [{ name: 'signature', state: 'refused', problem: 'unsigned', text: 'It is not signed by anybody. Sign it with bin/jackfield bundle sign.', tookMs: 3 }], steps: [{ name: 'verifying', done: false, text: 'It is not signed by anybody.', tookMs: 9 }] },
  ].map((b, i) => ({ id: `b${i}`, sha256: '00', signer: '11', by: 'admin', via: 'rest', file: '', receivedAt: iso(Date.now() - i * 90_000), why: '', checks: [], ...b }));

  const SHARES = [
    { provider: 'demo', atOnce: false, percent: 50, newer: 311, older: 893, commands: 1_402, failed: 3, longestMs: 41 },
    { provider: 'head-office', atOnce: true },
  ];

  function party(i, state, role, provider, extra = {}) {
    const connected = state === 'connected' && !extra.heldByThem;
    const asterisk = provider !== 'demo';
    const permitted = connected ? ['hold', 'blindTransfer', 'consult', 'clear', ...(asterisk ? [] : ['oneStepConsult'])] : state.startsWith('onHold') ? ['retrieve', 'clear'] : ['clear'];
    const refused = {};
    const why = {};
    for (const op of ['hold', 'retrieve', 'alternate', 'blindTransfer', 'consult', 'oneStepConsult', 'complete', 'conference']) {
      if (!permitted.includes(op)) { refused[op] = 'not-permitted-now'; why[op] = op === 'oneStepConsult' && asterisk ? 'This PBX never announces a consultation that dials by itself.' : op === 'alternate' ? 'Only with one call held and one active.' : 'Only for a connected party that is not held.'; }
    }
    const outside = i % 3 === 0 && role === 'caller';
    return { id: `p${++ids}`, address: outside ? `+33 1 55 ${10 + i} ${20 + i} ${30 + (i % 60)}` : String(1001 + i), name: outside ? '' : NAMES[i % NAMES.length], state, heldByThem: false, role, permitted, refused, why, ...extra };
  }
  function make(i) {
    const provider = ['demo', 'demo', 'head-office', 'branch'][i % 4];
    const kind = i % 9 === 3 ? 'ringing' : i % 7 === 5 ? 'held' : i % 13 === 12 ? 'conf' : 'connected';
    const parties = kind === 'ringing' ? [party(i, 'ringback', 'caller', provider), party(i + 7, 'offering', 'called', provider)]
      : kind === 'held' ? [party(i, 'connected', 'caller', provider, { heldByThem: true }), party(i + 7, 'onHold', 'called', provider)]
      : [party(i, kind === 'conf' ? 'conferenced' : 'connected', 'caller', provider), party(i + 7, kind === 'conf' ? 'conferenced' : 'connected', 'called', provider), ...(kind === 'conf' ? [party(i + 3, 'conferenced', 'called', provider)] : [])];
    const state = kind === 'ringing' ? 'ringback' : kind === 'conf' ? 'conferenced' : kind === 'held' ? 'onHold' : 'connected';
    return { id: `s${++ids}`, provider, conversationId: `c${ids}`, state, revision: 1, startedAt: iso(Date.now() - i * i * 1700 - i * 4000), parties };
  }
  for (let i = 0; i < calls; i++) { const s = make(i); sessions.set(s.id, s); }

  function emit(type, body) {
    const id = `${epoch}:${++seq}`;
    const frame = `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify({ type, at: iso(), ...body })}\n\n`;
    ring.push([seq, frame]);
    if (ring.length > 2000) ring.shift();
    for (const stream of streams) stream.write(frame);
  }
  function change(session, parts) {
    const next = { ...session, ...parts, revision: session.revision + 1 };
    sessions.set(next.id, next);
    emit('session.changed', { session: next });
    return next;
  }
  function step(transfer, parts, kind, text) {
    const now = transfers.get(transfer.id);
    const next = { ...now, ...parts, timeline: [...now.timeline, { at: iso(), kind, text }] };
    next.permitted = next.phase === 'consulting' ? (next.targetState === 'answered' ? ['alternate', 'complete', 'conference', 'cancel'] : next.targetState === 'alerting' ? ['complete', 'cancel'] : next.targetState === 'busy' ? ['dial', 'cancel'] : ['cancel']) : [];
    transfers.set(next.id, next);
    emit(next.phase === 'ended' ? 'transfer.ended' : 'transfer.changed', { transfer: next });
    return next;
  }
  function planFor(session, body) {
    const oneStepNo = session.provider === 'demo' ? 'Consultation is enough; one-step would give no dial control.' : 'ONESTEPTRANSFER is not announced by this PBX.';
    const mode = body.mode === 'auto' || !body.mode ? (/^60/.test(body.target ?? '') ? 'blind' : 'consultation') : body.mode;
    const all = { blind: 'Possible, but nobody could take it back.', consultation: 'Possible, but it takes the time of a conversation.', oneStep: oneStepNo };
    delete all[mode];
    return {
      mode,
      steps: mode === 'blind' ? [{ operation: 'blindTransfer', text: `Send the caller to ${body.target}, recoverable until the answer` }] : [{ operation: 'consult', text: 'Put the caller on consultation hold' }, { operation: 'dial', text: `Dial ${body.target ?? 'the held call'}` }, { operation: 'complete', text: 'Join both when you say so' }],
      reasons: [{ fact: 'The transferor is connected and owns the call', effect: 'every kind may begin' }, { fact: 'BLINDTRANSFER is available now', effect: 'blind is possible' }, { rule: mode === 'blind' ? 'auto is blind where it can be recovered' : body.mode === 'auto' ? 'Targets outside are consulted first' : 'What was asked for is taken where it is possible', effect: mode }],
      rejected: Object.entries(all).map(([m, reason]) => ({ mode: m, reason, ...(m === 'oneStep' && session.provider !== 'demo' ? { tapiError: 'OPERATIONUNAVAIL' } : {}) })),
      loss: mode === 'blind' ? ['No conversation with the target before the hand-over.'] : [],
      identities: ['The target sees the transferor while it rings, then the caller.'],
      kind: mode, complete: 'manual', release: 'onAnswer', completeAs: 'transfer', timeouts: {}, recall: [],
      irreversibleAfter: mode === 'blind' ? 1 : 3,
    };
  }
  function transferNow(session, body) {
    const leaver = session.parties.find((p) => p.id === body.transferor) ?? session.parties[1];
    const stayer = session.parties.find((p) => p.id !== leaver.id);
    const plan = planFor(session, body);
    const at = iso();
    const t = { id: `t${++ids}`, session: session.id, provider: session.provider, transferor: leaver.id, transferee: stayer.id, target: body.target ?? 'held call', targetState: 'undialled', focus: 'transferee', phase: plan.mode === 'blind' ? 'redirecting' : 'holding', acceptedAt: at, plan, timeline: [{ at, kind: 'request', text: `admin asks: ${body.mode ?? 'auto'} to ${body.target}` }, { at: iso(), kind: 'phase', text: `Plan ${plan.mode} taken` }], permitted: ['cancel'], requester: 'admin', owner: 'admin', revision: 1 };
    transfers.set(t.id, t);
    session = change(session, { transfer: t.id });
    if (plan.mode === 'blind') {
      later(300, () => step(t, { targetState: 'alerting' }, 'fact', `${t.target} rings`));
      later(900, () => {
        const state = { 6001: 'ok', 6002: 'busy' }[t.target] ?? 'ok';
        if (state === 'busy') {
          step(t, { phase: 'ended', targetState: 'busy', endedAt: iso(), outcome: { type: 'reverted', as: null, evidence: 'verified', missing: [], cause: { code: 'busy', text: `${t.target} is busy; the caller is back with the transferor.`, driver: 'DialEnd BUSY' } } }, 'outcome', 'Reverted: the target is busy');
          return;
        }
        const joined = party(90, 'connected', 'target', session.provider, { address: t.target, name: '' });
        change(sessions.get(session.id), { parties: [stayer, joined] });
        step(t, { phase: 'ended', targetState: 'answered', endedAt: iso(), outcome: { type: 'completed', as: 'transfer', evidence: 'verified', missing: [], cause: { code: 'normal', text: 'The target answered.', driver: '' } } }, 'outcome', 'Completed, verified: both are in one bridge, the transferor is out');
      });
    } else {
      later(250, () => {
        const s = sessions.get(session.id);
        change(s, { parties: s.parties.map((p) => p.id === leaver.id ? { ...p, state: 'onHoldPendingTransfer', role: 'transferor', permitted: ['clear'] } : { ...p, heldByThem: true, role: 'transferee', permitted: ['clear'] }), state: 'onHoldPendingTransfer' });
        const consult = { id: `s${++ids}`, provider: s.provider, conversationId: s.conversationId, state: 'dialing', revision: 1, startedAt: iso(), transfer: t.id, parties: [{ ...leaver, state: 'connected', role: 'transferor', permitted: ['clear'] }, party(90, 'offering', 'target', s.provider, { address: t.target, name: NAMES[(Number(t.target) || 5) % NAMES.length] })] };
        sessions.set(consult.id, consult);
        emit('session.started', { session: consult });
        step(t, { phase: 'consulting', consultation: consult.id, targetState: 'dialling', focus: 'target' }, 'fact', 'The caller is on hold');
        step(t, { targetState: t.target === '6002' ? 'busy' : 'alerting' }, 'fact', t.target === '6002' ? '6002 is busy' : `${t.target} rings`);
        if (t.target !== '6003' && t.target !== '6002') later(500, () => {
          const c = sessions.get(consult.id);
          change(c, { state: 'connected', parties: c.parties.map((p) => ({ ...p, state: 'connected' })) });
          step(t, { targetState: 'answered', focus: 'target' }, 'fact', `${t.target} answered`);
        });
      });
    }
    return transfers.get(t.id);
  }
  function press(t, verb) {
    const s = sessions.get(t.session);
    later(700, () => {
      if (verb === 'alternate') { step(t, { focus: transfers.get(t.id).focus === 'target' ? 'transferee' : 'target' }, 'fact', 'Alternated'); return; }
      const c = sessions.get(t.consultation);
      if (c) { sessions.delete(c.id); emit('session.ended', { session: { ...c, revision: c.revision + 1, state: 'idle' } }); }
      const stayer = { ...s.parties.find((p) => p.id === t.transferee), heldByThem: false };
      if (verb === 'cancel') {
        change(s, { state: 'connected', parties: s.parties.map((p) => ({ ...p, state: 'connected', heldByThem: false, permitted: ['hold', 'blindTransfer', 'consult', 'clear'] })) });
        step(t, { phase: 'ended', outcome: { type: 'reverted', as: null, evidence: 'verified', missing: [], cause: { code: 'cancelled', text: 'It was cancelled; both talk as before.', driver: '' } } }, 'outcome', 'Reverted');
      } else {
        change(s, { state: 'connected', parties: [stayer, { ...(c?.parties[1] ?? {}), state: 'connected', role: 'called' }] });
        step(t, { phase: 'ended', outcome: { type: 'completed', as: verb === 'conference' ? 'conference' : 'transfer', evidence: 'verified', missing: [], cause: { code: 'normal', text: 'Joined.', driver: '' } } }, 'outcome', 'Completed, verified');
      }
    });
    return t;
  }

  const json = (res, status, body, headers = {}) => { res.writeHead(status, { 'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json', ...headers }); res.end(JSON.stringify(body)); };
  const problem = (res, status, reason, title, more = {}) => json(res, status, { type: `urn:jackfield:problem:${reason}`, title, status, reason, ...more });
  const list = (items) => ({ items, next: null, asOf: `${epoch}:${seq}` });
  const me = { name: 'admin', roles: ['admin'], permissions: ['*'], csrfToken: 'token' };

  async function api(req, res, url) {
    const path = url.pathname.slice('/api/v1'.length);
    const body = await new Promise((ok) => { let text = ''; req.on('data', (d) => { text += d; }); req.on('end', () => ok(text ? JSON.parse(text) : {})); });
    const loggedIn = /jackfield=yes/.test(req.headers.cookie ?? '');
    const cookie = { 'Set-Cookie': 'jackfield=yes; HttpOnly; SameSite=Strict; Path=/' };
    if (path === '/login' && req.method === 'GET') { res.writeHead(303, { Location: '/', ...cookie }); res.end(); return; }
    if (path === '/login') { if (body.token === 'good' || body.code === 'once') json(res, 200, me, cookie); else problem(res, 401, 'login-failed', 'The login failed', { detail: 'The token is not known.' }); return; }
    if (!loggedIn) { problem(res, 401, 'unauthenticated', 'Nobody is logged in'); return; }
    if (req.method !== 'GET' && req.headers['x-csrf-token'] !== 'token') { problem(res, 403, 'csrf', 'The CSRF token is missing'); return; }
    if (path === '/logout') { res.writeHead(204, { 'Set-Cookie': 'jackfield=no; Path=/; Max-Age=0' }); res.end(); return; }
    if (path === '/me') { json(res, 200, me); return; }
    if (path === '/providers') { json(res, 200, list(PROVIDERS)); return; }
    if (path === '/bundles') { json(res, 200, list(providers ? BUNDLES : [])); return; }
    if (/^\/rollouts\/b\d+$/.test(path)) { json(res, 200, { id: path.slice(10), state: 'rolling', why: '', strategy: {}, providers: [], shares: SHARES, bundle: BUNDLES[1] }); return; }
    if (path === '/events') {
      res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      const after = Number((req.headers['last-event-id'] ?? url.searchParams.get('after') ?? '').split(':')[1] ?? seq);
      res.write(': hello\n\n');
      for (const [n, frame] of ring) if (n > after) res.write(frame);
      streams.add(res);
      req.on('close', () => streams.delete(res));
      return;
    }
    if (path === '/sessions') { json(res, 200, list([...sessions.values()].sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1)))); return; }
    if (path === '/addresses') {
      const q = (url.searchParams.get('q') ?? '').toLowerCase();
      const all = [['6001', 'Front desk', 'free'], ['6002', 'Fax', 'busy'], ['6003', 'Night bell', 'free'], ...NAMES.map((n, i) => [String(1001 + i), n, i % 3 ? 'free' : 'busy'])];
      json(res, 200, list(all.filter(([a, n]) => a.startsWith(q) || n.toLowerCase().split(' ').some((w) => w.startsWith(q))).slice(0, Number(url.searchParams.get('limit') ?? 100)).map(([address, name, state]) => ({ provider: url.searchParams.get('provider') ?? 'demo', address, name, state }))));
      return;
    }
    if (path === '/transfers') { const { session, open } = Object.fromEntries(url.searchParams); json(res, 200, list([...transfers.values()].filter((t) => (!session || t.session === session) && (!open || t.phase !== 'ended')))); return; }
    let m;
    if ((m = /^\/sessions\/(\w+)(?:\/(\w+)(?:\/(\w+))?)?$/.exec(path))) {
      const session = sessions.get(m[1]);
      if (!session) { problem(res, 404, 'no-such-session', 'There is no such session'); return; }
      if (!m[2] && req.method === 'GET') { json(res, 200, session); return; }
      if (m[2] === 'transfers') {
        if (body.target === '9') { problem(res, 422, 'destination-blocked', 'The policy forbids this destination', { detail: 'Premium numbers are blocked.' }); return; }
        if (url.searchParams.get('dryRun') === 'true') json(res, 200, planFor(session, body));
        else { const t = transferNow(session, body); json(res, 202, t, { Location: `/api/v1/transfers/${t.id}` }); }
        return;
      }
      const id = m[3] ?? body.party;
      const op = { id: `o${++ids}`, operation: m[2] === 'parties' ? 'clear' : m[2], provider: session.provider, session: session.id, party: id, state: 'pending', acceptedAt: iso() };
      operations.set(op.id, op);
      later(400, () => {
        operations.set(op.id, { ...op, state: 'done', endedAt: iso() });
        const s = sessions.get(session.id);
        if (op.operation === 'clear') { sessions.delete(s.id); emit('session.ended', { session: { ...s, revision: s.revision + 1, state: 'idle' } }); return; }
        const held = op.operation === 'hold';
        change(s, { state: held ? 'onHold' : 'connected', parties: s.parties.map((p) => (p.id === id ? { ...p, state: held ? 'onHold' : 'connected', permitted: held ? ['retrieve', 'clear'] : ['hold', 'blindTransfer', 'consult', 'clear'] } : { ...p, heldByThem: held })) });
      });
      json(res, 202, op);
      return;
    }
    if ((m = /^\/transfers\/(\w+)(?:\/(\w+))?$/.exec(path)) && transfers.has(m[1])) { json(res, m[2] ? 202 : 200, m[2] ? press(transfers.get(m[1]), m[2]) : transfers.get(m[1])); return; }
    if ((m = /^\/operations\/(\w+)$/.exec(path)) && operations.has(m[1])) { json(res, 200, operations.get(m[1])); return; }
    problem(res, 404, 'no-such-route', 'There is no such route');
  }

  const server = createServer((req, res) => {
    const url = new URL(req.url, 'http://fake');
    if (url.pathname.startsWith('/api/')) { void api(req, res, url); return; }
    let file = join(WEB, normalize(url.pathname));
    if (!existsSync(file) || url.pathname === '/') file = join(WEB, 'index.html');
    res.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': CSP });
    createReadStream(file).pipe(res);
  });
  server.on('connection', (s) => { sockets.add(s); s.on('close', () => sockets.delete(s)); });
  const beat = setInterval(() => { for (const s of streams) s.write(': beat\n\n'); }, 10_000);
  return new Promise((ok) => server.listen(port, '127.0.0.1', () => ok({
    url: `http://127.0.0.1:${server.address().port}`,
    newCall: () => { const s = { ...make(sessions.size % 17), startedAt: iso() }; sessions.set(s.id, s); emit('session.started', { session: s }); },
    endCall: () => { const s = [...sessions.values()].find((x) => !x.transfer); if (s) { sessions.delete(s.id); emit('session.ended', { session: { ...s, state: 'idle', revision: s.revision + 1 } }); } },
    sessions,
    // The server was started again, and the branch's PBX has not told of its calls yet: its lines, until it has.
    restart: () => {
      const at = iso(Date.now() - 21_000);
      const t = transferNow({ id: 'lost', provider: 'branch', revision: 1, parties: [party(4, 'connected', 'caller', 'branch'), party(11, 'onHold', 'called', 'branch')] }, { target: '6001', mode: 'consultation' });
      for (const timer of timers) clearTimeout(timer);
      sessions.delete('lost');
      const timeline = [t.timeline[0], { at: iso(), kind: 'recovery', text: 'the server was started again; how its calls are is asked of the PBX' }].map((line, i) => (i ? line : { ...line, at }));
      transfers.set(t.id, { ...t, acceptedAt: at, transferorAddress: '1012', transfereeAddress: '1005', phase: 'consulting', targetState: 'answered', focus: 'target', recovering: true, permitted: [], timeline });
    },
    close: () => { clearInterval(beat); for (const t of timers) clearTimeout(t); server.close(); for (const s of sockets) s.destroy(); },
  })));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const fake = await startFake({ port: Number(process.argv[2] ?? 8090) });
  console.log(`${fake.url}/?login=once`);
}
