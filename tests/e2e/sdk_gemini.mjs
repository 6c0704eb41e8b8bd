// node sdk_gemini.mjs BASE_URL     Google's SDK as a client of Gemini's API, as sdk_messages.mjs for Messages
import { check, equal, failure, load, run } from './sdk_checks.mjs';

const { GoogleGenAI, ApiError } = await load('@google/genai');
const { models } = new GoogleGenAI({ apiKey: 'any-word', httpOptions: { baseUrl: process.argv[2], timeout: 20000, retryOptions: { attempts: 1 } } });

const tools = [{
  functionDeclarations: [{
    name: 'weather', description: 'The weather of a place',
    parametersJsonSchema: { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] },
  }],
}];
const asked = (text, config = {}) => ({ model: 'big-model', contents: text, config });
const PLAIN = 'naïve 你好 🚀 "quoted" </tag>';
const CALLS = [{ place: 'Rome "east"' }, { place: 'Oslo ü' }];

async function gather(request) {
  const parts = [];
  let chunks = 0;
  let usage;
  for await (const chunk of await models.generateContentStream(request)) {
    chunks += 1;
    parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []));
    usage = chunk.usageMetadata ?? usage;
  }
  const text = (thought) => parts.filter((part) => part.text && Boolean(part.thought) === thought).map((part) => part.text).join('');
  return { parts, chunks, usage, text: text(false), thought: text(true), calls: parts.flatMap((part) => part.functionCall ?? []) };
}

const checks = {
  async 'generateContent: text and usage'() {
    const reply = await models.generateContent(asked('plain'));
    equal([reply.text, reply.candidates[0].finishReason], [PLAIN, 'STOP'], 'reply');
    const { promptTokenCount, candidatesTokenCount, cachedContentTokenCount } = reply.usageMetadata;
    equal([promptTokenCount, candidatesTokenCount, cachedContentTokenCount], [210, 17, 190], 'usage');
  },
  async 'stream: the whole text and its figures'() {
    const reply = await gather(asked('plain'));
    equal(reply.text, PLAIN, 'text');
    check(reply.chunks > 2, 'not streamed');
    equal([reply.usage.promptTokenCount, reply.usage.candidatesTokenCount], [210, 17], 'usage');
  },
  async 'stream: two calls and their results back'() {
    const reply = await gather(asked('tools', { tools }));
    equal(reply.calls.map((call) => call.args), CALLS, 'calls');
    const results = reply.calls.map((call) => (
      { functionResponse: { id: call.id, name: call.name, response: { output: `${call.args.place}: dry` } } }));
    const contents = [{ role: 'user', parts: [{ text: 'tools' }] }, { role: 'model', parts: reply.parts }, { role: 'user', parts: results }];
    const last = await models.generateContent(asked(contents, { tools }));
    check(last.text.includes('Rome "east": dry') || last.text.includes('Rome \\"east\\": dry'), last.text);
    check(last.text.includes('Oslo ü: dry'), last.text);
  },
  async 'stream: a thought is a thought part'() {
    const reply = await gather(asked('think', { thinkingConfig: { includeThoughts: true } }));
    equal([reply.thought, reply.text], ['Let me think of it.', 'Done.'], 'parts');
  },
  async 'generateContent: the length limit'() {
    equal((await models.generateContent(asked('length'))).candidates[0].finishReason, 'MAX_TOKENS', 'finish reason');
  },
  async 'stream: a cut is an error, or no finish'() {
    let finish;
    try {
      for await (const chunk of await models.generateContentStream(asked('cut'))) finish = chunk.candidates?.[0]?.finishReason ?? finish;
    } catch { return; }
    check(!finish || finish !== 'STOP', `it ended as if it were whole: ${finish}`);
  },
  async 'stream: an error inside is one'() {
    const error = await failure(() => gather(asked('midstream')));
    check(error instanceof ApiError && error.status >= 500, `${error.constructor.name} ${error.status}`);
    check(error.message.includes('UNAVAILABLE'), error.message);
  },
  async 'countTokens'() {
    const few = await models.countTokens({ model: 'big-model', contents: 'plain' });
    const many = await models.countTokens({ model: 'big-model', contents: 'plain '.repeat(1000) });
    check(few.totalTokens > 0 && many.totalTokens > 800 && many.totalTokens < 8000, `${few.totalTokens}, ${many.totalTokens}`);
  },
  async 'models: listed, and one of them'() {
    const names = [];
    for await (const model of await models.list()) names.push(model.name);
    equal(names, ['models/e2e,big-model', 'models/e2e,small-model'], 'models');
    equal((await models.get({ model: 'e2e,small-model' })).name, 'models/e2e,small-model', 'one');
  },
  async 'names: provider and model, and those that nobody configured'() {
    for (const model of ['e2e,small-model', 'models/big-model', 'gemini-3-pro'])
      equal((await models.generateContent({ ...asked('plain'), model })).text, PLAIN, model);
    const error = await failure(() => models.generateContent({ ...asked('plain'), model: 'bog-model' }));
    check(error instanceof ApiError && error.status === 404 && error.message.includes('e2e,big-model'), `${error}`);
  },
};

for (const status of [400, 401, 403, 404, 429, 500, 503]) {
  for (const stream of [false, true]) {
    checks[`status ${status}${stream ? ' of a stream' : ''}`] = async () => {
      const error = await failure(() => (stream ? gather : models.generateContent.bind(models))(asked(`status ${status}`)));
      check(error instanceof ApiError && error.status === status, `${error.constructor.name} ${error.status}`);
      check(error.message.includes(`words of ${status}`) && error.message.includes('"status"'), error.message);
    };
  }
}

// Google's SDK retries a 503 and not a 529, Anthropic's name for the same thing.
checks['status 529 comes as the 503 that is retried'] = async () => {
  const retrying = new GoogleGenAI({ apiKey: 'any', httpOptions: {
    baseUrl: process.argv[2], retryOptions: { attempts: 2, initialDelay: 0.01, maxDelay: 0.01 } } });
  const error = await failure(() => retrying.models.generateContent(asked('status 529')));
  check((error.status ?? error.cause?.status) === 503 || /"code":503/.test(error.message), `${error.constructor.name} ${error}`);
};

await run(checks);
