// node sdk_messages.mjs BASE_URL     the official SDK against ccr, whose upstream is test_sdk.py's script
import { check, equal, failure, load, run } from './sdk_checks.mjs';

const sdk = await load('@anthropic-ai/sdk');
const Anthropic = sdk.default?.default ?? sdk.default;
const client = new Anthropic({ baseURL: process.argv[2], apiKey: 'any-word', maxRetries: 0, timeout: 20000 });

const tools = [{
  name: 'weather', description: 'The weather of a place',
  input_schema: { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] },
}];
const asked = (text, more = {}) => ({
  model: 'claude-sonnet-4-5', max_tokens: 2000, messages: [{ role: 'user', content: text }], ...more,
});

const checks = {
  async 'create: text and usage'() {
    const reply = await client.messages.create(asked('plain'));
    equal(reply.content, [{ type: 'text', text: 'naïve 你好 🚀 "quoted" </tag>' }], 'content');
    equal([reply.type, reply.role, reply.stop_reason], ['message', 'assistant', 'end_turn'], 'frame');
    equal([reply.usage.input_tokens, reply.usage.cache_read_input_tokens, reply.usage.output_tokens], [20, 190, 17], 'usage');
  },
  async 'stream: events and the final message'() {
    const stream = client.messages.stream(asked('plain'));
    let text = '';
    const kinds = [];
    stream.on('text', (part) => { text += part; });
    stream.on('streamEvent', (event) => kinds.push(event.type));
    const reply = await stream.finalMessage();
    equal(reply.content[0].text, 'naïve 你好 🚀 "quoted" </tag>', 'text');
    equal(text, reply.content[0].text, 'parts');
    equal([kinds[0], kinds.at(-1)], ['message_start', 'message_stop'], 'first and last event');
    check(kinds.filter((kind) => kind === 'content_block_delta').length > 2, 'not streamed');
    equal([reply.usage.input_tokens, reply.usage.cache_read_input_tokens, reply.usage.output_tokens], [20, 190, 17], 'usage');
  },
  async 'create: two tool calls'() {
    const reply = await client.messages.create(asked('tools', { tools }));
    const calls = reply.content.filter((block) => block.type === 'tool_use');
    equal(calls.map((call) => call.input), [{ place: 'Rome "east"' }, { place: 'Oslo ü' }], 'arguments');
    check(new Set(calls.map((call) => call.id)).size === 2, 'ids');
    equal(reply.stop_reason, 'tool_use', 'stop reason');
  },
  async 'stream: two tool calls and their results back'() {
    const reply = await client.messages.stream(asked('tools', { tools })).finalMessage();
    const calls = reply.content.filter((block) => block.type === 'tool_use');
    equal(calls.map((call) => call.input), [{ place: 'Rome "east"' }, { place: 'Oslo ü' }], 'arguments');
    const results = calls.map((call) => ({ type: 'tool_result', tool_use_id: call.id, content: `${call.input.place}: dry` }));
    const last = await client.messages.create(asked('tools', {
      tools,
      messages: [{ role: 'user', content: 'tools' }, { role: 'assistant', content: reply.content }, { role: 'user', content: results }],
    }));
    equal(last.content[0].text, 'Rome "east": dry | Oslo ü: dry', 'what came of the results');
  },
  async 'stream: a thought before the text'() {
    const reply = await client.messages.stream(asked('think', { thinking: { type: 'enabled', budget_tokens: 1024 } })).finalMessage();
    equal(reply.content.map((block) => block.type), ['thinking', 'text'], 'blocks');
    equal(reply.content[0].thinking, 'Let me think of it.', 'thought');
    check(typeof reply.content[0].signature === 'string', 'no signature');
  },
  async 'create: the length limit'() {
    equal((await client.messages.create(asked('length'))).stop_reason, 'max_tokens', 'stop reason');
  },
  async 'stream: a cut is an error'() {
    const error = await failure(() => client.messages.stream(asked('cut')).finalMessage());
    check(error instanceof Anthropic.APIError || error instanceof Anthropic.AnthropicError, error.constructor.name);
  },
  async 'stream: an error in the middle has the provider\'s words'() {
    const error = await failure(() => client.messages.stream(asked('midstream')).finalMessage());
    check(String(error.message).includes('too many guests'), error.message);
  },
  async 'stream: abort'() {
    const stream = client.messages.stream(asked('slow'));
    stream.on('text', () => stream.abort());
    check((await failure(() => stream.finalMessage())) instanceof Anthropic.APIUserAbortError, 'another error');
  },
  async 'countTokens'() {
    const few = await client.messages.countTokens(asked('plain', { max_tokens: undefined }));
    const many = await client.messages.countTokens(asked('plain '.repeat(1000), { max_tokens: undefined, tools }));
    check(few.input_tokens > 0 && many.input_tokens > 800 && many.input_tokens < 8000, `${few.input_tokens}, ${many.input_tokens}`);
  },
  async 'models.list'() {
    const ids = [];
    for await (const model of client.models.list()) ids.push([model.id, model.display_name, model.type]);
    equal(ids, [['anthropic:e2e,big-model', 'e2e,big-model', 'model'], ['anthropic:e2e,small-model', 'e2e,small-model', 'model']], 'models');
  },
  async 'a broken request'() {
    const error = await failure(() => client.messages.create({ model: 'x', max_tokens: 9 }));
    check(error instanceof Anthropic.BadRequestError && error.error.error.type === 'invalid_request_error', `${error}`);
    check(/^req_/.test(error.requestID ?? error.error.request_id), 'no request id');
  },
};

const CLASSES = {
  400: 'BadRequestError', 401: 'AuthenticationError', 403: 'PermissionDeniedError', 404: 'NotFoundError',
  429: 'RateLimitError', 500: 'InternalServerError', 503: 'InternalServerError', 529: 'InternalServerError',
};
for (const [status, name] of Object.entries(CLASSES)) {
  for (const stream of [false, true]) {
    checks[`status ${status}${stream ? ' of a stream' : ''} is ${name}`] = async () => {
      const error = await failure(() => client.messages.create(asked(`status ${status}`, { stream })));
      check(error instanceof Anthropic[name] && error.status === Number(status), `${error.constructor.name} ${error.status}`);
      check(error.message.includes(`words of ${status}`), error.message);
      if (status === '429') equal(error.headers.get('retry-after'), '7', 'retry-after');
    };
  }
}

await run(checks);
