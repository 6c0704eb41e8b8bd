// node sdk_chat.mjs BASE_URL     OpenAI's SDK as a client of Chat Completions, as sdk_messages.mjs for Messages
import { check, equal, failure, load, run } from './sdk_checks.mjs';

const { default: OpenAI } = await load('openai');
const client = new OpenAI({ baseURL: `${process.argv[2]}/v1`, apiKey: 'any-word', maxRetries: 0, timeout: 20000 });
const completions = client.chat.completions;

const tools = [{
  type: 'function',
  function: {
    name: 'weather', description: 'The weather of a place',
    parameters: { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] },
  },
}];
const asked = (text, more = {}) => ({ model: 'big-model', messages: [{ role: 'user', content: text }], ...more });
const argumentsOf = (message) => message.tool_calls.map((call) => JSON.parse(call.function.arguments));
const PLAIN = 'naïve 你好 🚀 "quoted" </tag>';
const CALLS = [{ place: 'Rome "east"' }, { place: 'Oslo ü' }];

const checks = {
  async 'create: text and usage'() {
    const reply = await completions.create(asked('plain'));
    equal([reply.object, reply.choices[0].message.content, reply.choices[0].finish_reason], ['chat.completion', PLAIN, 'stop'], 'reply');
    const { prompt_tokens, completion_tokens, total_tokens, prompt_tokens_details } = reply.usage;
    equal([prompt_tokens, completion_tokens, total_tokens, prompt_tokens_details.cached_tokens], [210, 17, 227, 190], 'usage');
  },
  async 'stream: the whole text, and figures for who asks'() {
    const stream = completions.stream(asked('plain', { stream_options: { include_usage: true } }));
    let parts = 0;
    stream.on('content', () => { parts += 1; });
    const reply = await stream.finalChatCompletion();
    equal(reply.choices[0].message.content, PLAIN, 'text');
    check(parts > 2, 'not streamed');
    equal(reply.usage.total_tokens, 227, 'usage');
  },
  async 'stream: no figures for who does not ask'() {
    for await (const chunk of await completions.create(asked('plain', { stream: true })))
      check(chunk.choices.length === 1, `a chunk without a choice: ${JSON.stringify(chunk)}`);
  },
  async 'stream: two tool calls and their results back'() {
    const reply = await completions.stream(asked('tools', { tools })).finalChatCompletion();
    const { message, finish_reason } = reply.choices[0];
    equal([argumentsOf(message), finish_reason], [CALLS, 'tool_calls'], 'calls');
    check(new Set(message.tool_calls.map((call) => call.id)).size === 2, 'ids');
    const results = message.tool_calls.map((call) => (
      { role: 'tool', tool_call_id: call.id, content: `${JSON.parse(call.function.arguments).place}: dry` }));
    const last = await completions.create(asked('tools', { tools, messages: [{ role: 'user', content: 'tools' }, message, ...results] }));
    equal(last.choices[0].message.content, 'Rome "east": dry | Oslo ü: dry', 'what came of the results');
  },
  async 'create: two tool calls'() {
    equal(argumentsOf((await completions.create(asked('tools', { tools }))).choices[0].message), CALLS, 'calls');
  },
  async 'stream: a thought before the text'() {
    const order = [];
    let thought = '';
    for await (const chunk of await completions.create(asked('think', { stream: true, reasoning_effort: 'high' }))) {
      const delta = chunk.choices[0]?.delta ?? {};
      thought += delta.reasoning_content ?? '';
      if (delta.reasoning_content) order.push('thought');
      if (delta.content) order.push('text');
    }
    equal(thought, 'Let me think of it.', 'thought');
    equal([order[0], order.at(-1)], ['thought', 'text'], 'order');
  },
  async 'create: the length limit'() {
    equal((await completions.create(asked('length'))).choices[0].finish_reason, 'length', 'finish reason');
  },
  async 'stream: a cut is an error'() {
    check(await failure(() => completions.stream(asked('cut')).finalChatCompletion()) instanceof OpenAI.OpenAIError, 'another error');
  },
  async 'stream: an error in the middle has the provider\'s words'() {
    const error = await failure(() => completions.stream(asked('midstream')).finalChatCompletion());
    check(String(error.message).includes('too many guests'), error.message);
  },
  async 'models: listed under plain names, and one of them'() {
    const ids = [];
    for await (const model of client.models.list()) ids.push([model.id, model.object]);
    equal(ids, [['e2e,big-model', 'model'], ['e2e,small-model', 'model']], 'models');
    equal((await client.models.retrieve('e2e,small-model')).id, 'e2e,small-model', 'one');
    check(await failure(() => client.models.retrieve('e2e,tiny-model')) instanceof OpenAI.NotFoundError, 'an unknown one');
  },
  async 'a name that nobody lists is told its likes'() {
    const error = await failure(() => completions.create(asked('plain', { model: 'bog-model' })));
    check(error instanceof OpenAI.NotFoundError && error.message.includes('e2e,big-model'), `${error}`);
  },
  async 'names of models that nobody configured go to the default'() {
    for (const model of ['gpt-5.2', 'o4-mini', 'codex-mini-latest', 'gemini-3-pro', 'claude-opus-5-5', 'BIG-model', 'e2e,big-model'])
      equal((await completions.create(asked('plain', { model }))).choices[0].message.content, PLAIN, model);
  },
  async 'a broken request'() {
    const error = await failure(() => completions.create({ model: 'big-model' }));
    check(error instanceof OpenAI.BadRequestError && error.type === 'invalid_request_error', `${error}`);
    check(/^req_/.test(error.requestID), `no request id: ${error.requestID}`);
  },
};

const CLASSES = {
  400: 'BadRequestError', 401: 'AuthenticationError', 403: 'PermissionDeniedError', 404: 'NotFoundError',
  429: 'RateLimitError', 500: 'InternalServerError', 503: 'InternalServerError', 529: 'InternalServerError',
};
for (const [status, name] of Object.entries(CLASSES)) {
  for (const stream of [false, true]) {
    checks[`status ${status}${stream ? ' of a stream' : ''} is ${name}`] = async () => {
      const error = await failure(() => completions.create(asked(`status ${status}`, { stream })));
      check(error instanceof OpenAI[name] && error.status === Number(status), `${error.constructor.name} ${error.status}`);
      check(error.message.includes(`words of ${status}`), error.message);
      if (status === '429') equal(error.headers.get('retry-after'), '7', 'retry-after');
    };
  }
}

await run(checks);
