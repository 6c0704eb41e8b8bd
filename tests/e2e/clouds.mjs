// node clouds.mjs UPSTREAM PACKAGES     the front doors of Google's, Amazon's and Microsoft's clouds
// Each checks address, credential and body as its cloud does, by code that is not ccr's (node:crypto for JSON Web
// Tokens, @smithy for signatures and the binary stream), passes the request on to the scripted upstream as the plain
// protocol, and frames the answer as its cloud does. Prints its port. GET /seen tells what came; POST /play sets knobs.
import { createPublicKey, createVerify } from 'node:crypto';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';

const [, , upstream, packages] = process.argv;
const load = createRequire(path.join(packages, 'node_modules', 'x.js'));
const { SignatureV4 } = load('@smithy/signature-v4');
const { Sha256 } = load('@aws-crypto/sha256-js');
const { EventStreamCodec } = load('@smithy/eventstream-codec');

const AWS = { accessKeyId: 'AKIDE2E', secretAccessKey: 'fake/secret+of-the-e2e', sessionToken: 'fake//session==' };
const seen = [];
const play = { tokenLife: 3600, publicKey: '', refuseTokens: 0, tokenStatus: 0, betas: null, tokenDate: '', splitBytes: 0 };
let tokens = [];
let issued = 0;

class Refused extends Error {
  constructor(status, message, type = '') {
    super(message);
    Object.assign(this, { status, type });
  }
}
const need = (condition, status, message, type) => { if (!condition) throw new Refused(status, message, type); };

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

// ---- Google -------------------------------------------------------------------------------------------------------

function tokenFor(form, host) {
  if (play.tokenStatus) throw new Refused(play.tokenStatus, 'Invalid JWT: Token must be a short-lived token');
  if (form.get('grant_type') === 'refresh_token') {
    need(form.get('refresh_token') === '1//fake-refresh' && form.get('client_secret') === 'fake-client-secret', 400, 'Bad Request');
  } else {
    need(form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer', 400, 'unsupported grant');
    const [header, claims, signature] = form.get('assertion').split('.');
    const verified = createVerify('RSA-SHA256').update(`${header}.${claims}`)
      .verify(createPublicKey(play.publicKey), Buffer.from(signature, 'base64url'));
    need(verified, 400, 'Invalid JWT Signature.');
    const said = JSON.parse(Buffer.from(claims, 'base64url'));
    const now = Date.now() / 1000;
    need(said.aud === `http://${host}/token`, 400, `aud ${said.aud}`);
    need(said.iat <= now + 5 && said.exp - said.iat <= 3600 && said.exp > now, 400, 'Invalid JWT times');
    need(said.iss === 'robot@e2e.iam.gserviceaccount.com' && said.scope.includes('cloud-platform'), 400, 'iss or scope');
  }
  issued += 1;
  tokens.push(`ya29.fake-e2e-${issued}-0123456789`);
  return { access_token: tokens.at(-1), expires_in: play.tokenLife, token_type: 'Bearer' };
}

function machineToken(request) {
  need(request.method === 'GET' && request.headers['metadata-flavor'] === 'Google', 403, 'Metadata-Flavor: Google is missing');
  issued += 1;
  tokens.push(`ya29.fake-machine-${issued}-0123456789`);
  return { access_token: tokens.at(-1), expires_in: play.tokenLife, token_type: 'Bearer' };
}

function checkToken(request) {
  const token = (request.headers.authorization ?? '').slice('Bearer '.length);
  if (play.refuseTokens > 0) {
    play.refuseTokens -= 1;
    tokens = tokens.filter((other) => other !== token);
  }
  need(tokens.includes(token), 401, 'Request had invalid authentication credentials.');
}

const PLACE = 'projects/e2e-project/locations/us-east5/publishers';

function vertexGemini(request, url, json) {
  const match = url.pathname.match(`^/v1beta1/${PLACE}/google/models/([^/:]+):(generateContent|streamGenerateContent)$`);
  need(match, 404, `no such method at ${url.pathname}`);
  const stream = match[2] === 'streamGenerateContent';
  need(url.search === (stream ? '?alt=sse' : ''), 400, `Unknown name in the query: ${url.search}`);
  checkToken(request);
  need(!request.headers['x-goog-api-key'], 400, 'a key of another service');
  for (const name of ['model', 'stream', 'safety_settings']) need(!(name in json), 400, `Unknown name "${name}": Cannot find field.`);
  need(json.contents?.length > 0, 400, 'at least one contents field is required');
  for (const content of json.contents) need(['user', 'model'].includes(content.role), 400, 'Please use a valid role: user, model.');
  return { body: json, path: `/v1beta/models/${match[1]}:${match[2]}${url.search}`,
    error: (status, message) => ({ error: { code: status, message, status: status === 429 ? 'RESOURCE_EXHAUSTED' : 'INTERNAL' } }) };
}

function vertex(request, url, json) {
  const match = url.pathname.match(`^/v1/${PLACE}/anthropic/models/([^/:]+):(rawPredict|streamRawPredict)$`);
  need(match, 404, `no such method at ${url.pathname}`);
  need(!url.search, 400, `Unknown name in the query: ${url.search}`);
  checkToken(request);
  need(json.anthropic_version === 'vertex-2023-10-16', 400, 'anthropic_version: Field required');
  for (const name of ['model', 'tags']) need(!(name in json), 400, `${name}: Extra inputs are not permitted`);
  need(!request.headers['x-api-key'], 400, 'a key of another service');
  need((match[2] === 'streamRawPredict') === (json.stream === true), 400, 'stream does not fit the method');
  const { anthropic_version: _, ...rest } = json;
  return { body: { model: match[1], ...rest }, path: '/v1/messages', error: (status, message) => ({ error: { code: status, message } }) };
}

// ---- Amazon -------------------------------------------------------------------------------------------------------

const EXCEPTIONS = { 400: 'ValidationException', 403: 'AccessDeniedException', 404: 'ResourceNotFoundException',
  429: 'ThrottlingException', 503: 'ServiceUnavailableException' };
const BETAS = ['interleaved-thinking-2025-05-14', 'context-management-2025-06-27', 'effort-2025-11-24',
  'tool-search-tool-2025-10-19', 'context-1m-2025-08-07'];

async function checkSignature(request, url, bytes) {
  const given = request.headers.authorization ?? '';
  const names = given.match(/SignedHeaders=([^,]+)/)?.[1].split(';') ?? [];
  for (const name of ['host', 'x-amz-date', 'x-amz-security-token']) need(names.includes(name), 403, `${name} is not signed`);
  const date = request.headers['x-amz-date'];
  const time = new Date(date.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z'));
  need(Math.abs(time - Date.now()) < 300e3, 403, 'Signature expired: it is too old.');
  const signer = new SignatureV4({ credentials: AWS, region: 'us-west-2', service: 'bedrock', sha256: Sha256, uriEscapePath: true, applyChecksum: false });
  const headers = Object.fromEntries(names.filter((n) => n !== 'x-amz-date' && n !== 'x-amz-security-token').map((n) => [n, request.headers[n]]));
  const signed = await signer.sign({ method: 'POST', protocol: 'http:', hostname: url.hostname, path: url.pathname, query: {}, headers, body: bytes },
    { signingDate: time });
  need(signed.headers.authorization === given, 403,
    'The request signature we calculated does not match the signature you provided. The Canonical String for this request '
    + `should have been 'POST ${url.pathname} x-amz-security-token:${request.headers['x-amz-security-token']}'`, 'InvalidSignatureException');
}

async function bedrock(request, url, json, bytes) {
  const match = url.pathname.match(/^\/model\/([^/]+)\/(invoke|invoke-with-response-stream)$/);
  need(match, 404, `UnknownOperation ${url.pathname}`);
  if (request.headers.authorization !== 'Bearer fake-bedrock-key') await checkSignature(request, url, bytes);
  need(json.anthropic_version === 'bedrock-2023-05-31', 400, 'anthropic_version: Field required');
  for (const name of ['model', 'stream', 'tags']) need(!(name in json), 400, `${name}: Extra inputs are not permitted`);
  need(!request.headers['anthropic-beta'], 400, 'betas belong in the body');
  need((json.anthropic_beta ?? []).every((beta) => (play.betas ?? BETAS).includes(beta)), 400, 'invalid beta flag');
  const { anthropic_version: _, anthropic_beta: __, ...rest } = json;
  const stream = match[2] !== 'invoke';
  return { body: { model: decodeURIComponent(match[1]), ...rest, stream }, path: '/v1/messages', binary: stream,
    error: (status, message) => ({ message }) };
}

const codec = new EventStreamCodec((bytes) => Buffer.from(bytes).toString(), (text) => Buffer.from(text));
const text = (value) => ({ type: 'string', value });

function frame(data) {
  const event = JSON.parse(data);
  if (event.type === 'error') {
    const type = event.error.type === 'overloaded_error' ? 'serviceUnavailableException' : 'internalServerException';
    return codec.encode({ headers: { ':exception-type': text(type), ':content-type': text('application/json'), ':message-type': text('exception') },
      body: Buffer.from(JSON.stringify({ message: event.error.message })) });
  }
  const chunk = JSON.stringify({ bytes: Buffer.from(data).toString('base64'), p: 'abcdefgh'.slice(0, data.length % 8) });
  return codec.encode({ headers: { ':event-type': text('chunk'), ':content-type': text('application/json'), ':message-type': text('event') },
    body: Buffer.from(chunk) });
}

/// Server-sent events to binary frames, piece by piece.
async function* framed(response) {
  let held = '';
  const decoder = new TextDecoder();
  for await (const part of response) {
    held += decoder.decode(part, { stream: true });
    for (let end = held.indexOf('\n\n'); end >= 0; end = held.indexOf('\n\n')) {
      const data = held.slice(0, end).split('\n').filter((line) => line.startsWith('data: ')).map((line) => line.slice(6)).join('\n');
      held = held.slice(end + 2);
      if (data) yield frame(data);
    }
  }
}

// ---- Microsoft ----------------------------------------------------------------------------------------------------

function azure(request, url, json) {
  const byKey = request.headers['api-key'] === 'fake-azure-key' && !request.headers.authorization;
  const byToken = request.headers.authorization === 'Bearer fake-entra-token' && !request.headers['api-key'];
  need(byKey || byToken, 401, 'Access denied due to invalid subscription key or wrong API endpoint.');
  const deployment = url.pathname.match(/^\/openai\/deployments\/([^/]+)\/chat\/completions$/)?.[1];
  need(deployment || url.pathname === '/openai/v1/chat/completions', 404, 'Resource not found');
  if (deployment) need(url.searchParams.get('api-version') === '2024-10-21', 404, 'api-version is missing');
  else need(!url.search, 400, 'the v1 API takes no version');
  return { body: { ...json, model: deployment ?? json.model }, path: '/v1/chat/completions',
    error: (status, message) => ({ error: { code: String(status), message } }) };
}

// ---- the doors ----------------------------------------------------------------------------------------------------

function doorOf(url) {
  if (url.pathname.startsWith('/model/')) return bedrock;
  if (url.pathname.includes('/publishers/google/')) return vertexGemini;
  return url.pathname.startsWith('/openai/') ? azure : vertex;
}

async function send(response, bytes) {
  const step = play.splitBytes || bytes.length;
  for (let at = 0; at < bytes.length; at += step) {
    response.write(bytes.subarray(at, at + step));
    if (play.splitBytes) await new Promise((done) => setImmediate(done));
  }
}

async function pass(request, response, wanted, note) {
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => name.startsWith('anthropic-') || name === 'user-agent'));
  const inner = http.request(`${upstream}${wanted.path}`, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } });
  response.on('close', () => inner.destroy());
  inner.end(JSON.stringify(wanted.body));
  const answer = await new Promise((done, failed) => { inner.on('response', done); inner.on('error', failed); });
  note.status = answer.statusCode;
  const fields = { 'content-type': answer.headers['content-type'] };
  if (answer.headers['retry-after']) fields['retry-after'] = answer.headers['retry-after'];
  if (answer.statusCode >= 400) {
    const said = JSON.parse(await bodyOf(answer));
    if (EXCEPTIONS[answer.statusCode]) fields['x-amzn-errortype'] = `${EXCEPTIONS[answer.statusCode]}:http://internal.amazon.com/`;
    response.writeHead(answer.statusCode, fields);
    return response.end(JSON.stringify(wanted.error(answer.statusCode, said.error.message)));
  }
  if (wanted.binary) fields['content-type'] = 'application/vnd.amazon.eventstream';
  response.writeHead(200, fields);
  for await (const part of wanted.binary ? framed(answer) : answer) await send(response, Buffer.from(part));
  response.end();
}

async function serve(request, response) {
  const url = new URL(request.url, `http://${request.headers.host}`);
  const bytes = await bodyOf(request);
  if (url.pathname === '/seen') return response.end(JSON.stringify(seen));
  if (url.pathname === '/play') { Object.assign(play, JSON.parse(bytes)); return response.end(); }
  const note = { method: request.method, path: request.url, headers: request.headers, body: bytes.toString() };
  seen.push(note);
  let error = (status, message) => ({ error: status < 500 ? 'invalid_grant' : 'unavailable', error_description: message });
  try {
    if (url.pathname === '/token') {
      if (play.tokenDate) { response.sendDate = false; response.setHeader('date', play.tokenDate); }
      return response.end(JSON.stringify(tokenFor(new URLSearchParams(bytes.toString()), request.headers.host)));
    }
    if (url.pathname === '/computeMetadata/v1/instance/service-accounts/default/token')
      return response.end(JSON.stringify(machineToken(request)));
    const door = doorOf(url);
    error = door === bedrock ? (_, message) => ({ message }) : (status, message) => ({ error: { code: status, message } });
    const wanted = await door(request, url, JSON.parse(bytes), bytes);
    await pass(request, response, wanted, note);
  } catch (problem) {
    note.refused = String(problem.message);
    if (response.headersSent) return response.destroy();  // the upstream broke off
    response.statusCode = problem.status ?? 502;
    if (problem.type || EXCEPTIONS[problem.status]) response.setHeader('x-amzn-errortype', problem.type || EXCEPTIONS[problem.status]);
    response.end(JSON.stringify(error(response.statusCode, problem.message)));
  }
}

const server = http.createServer((request, response) => serve(request, response).catch(() => response.destroy()));
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
