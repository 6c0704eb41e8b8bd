// node sdk_responses.mjs BASE_URL     OpenAI's SDK as a client of Responses, as sdk_messages.mjs for Messages
import { check, equal, failure, load, run } from './sdk_checks.mjs';

const { default: OpenAI } = await load('openai');
const client = new OpenAI({ baseURL: `${process.argv[2]}/v1`, apiKey: 'any-word', maxRetries: 0, timeout: 20000 });

const tools = [{
  type: 'function', name: 'weather', description: 'The weather of a place', strict: false,
  parameters: { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] },
}];
const asked = (text, more = {}) => ({ model: 'big-model', input: text, ...more });
const callsOf = (reply) => reply.output.filter((item) => item.type === 'function_call');
const argumentsOf = (reply) => callsOf(reply).map((call) => JSON.parse(call.arguments));
const PLAIN = 'naïve 你好 🚀 "quoted" </tag>';
const CALLS = [{ place: 'Rome "east"' }, { place: 'Oslo ü' }];

const checks = {
  async 'create: text and usage'() {
    const reply = await client.responses.create(asked('plain'));
    equal([reply.object, reply.status, reply.output_text], ['response', 'completed', PLAIN], 'reply');
    equal([reply.usage.input_tokens, reply.usage.output_tokens, reply.usage.input_tokens_details.cached_tokens], [210, 17, 190], 'usage');
  },
  async 'stream: text, order and rising numbers'() {
    const kinds = [];
    let last = -1;
    let text = '';
    for await (const event of await client.responses.create(asked('plain', { stream: true }))) {
      kinds.push(event.type);
      check(event.sequence_number > last, `sequence_number ${event.sequence_number} after ${last}`);
      last = event.sequence_number;
      if (event.type === 'response.output_text.delta') text += event.delta;
    }
    equal([text, kinds[0], kinds.at(-1)], [PLAIN, 'response.created', 'response.completed'], 'stream');
  },
  async 'stream: two tool calls and their results back'() {
    const reply = await client.responses.stream(asked('tools', { tools })).finalResponse();
    equal(argumentsOf(reply), CALLS, 'calls');
    const results = callsOf(reply).map((call) => (
      { type: 'function_call_output', call_id: call.call_id, output: `${JSON.parse(call.arguments).place}: dry` }));
    const input = [{ role: 'user', content: 'tools' }, ...reply.output, ...results];
    equal((await client.responses.create(asked(input, { tools }))).output_text, 'Rome "east": dry | Oslo ü: dry', 'what came of the results');
  },
  async 'create: two tool calls'() {
    equal(argumentsOf(await client.responses.create(asked('tools', { tools }))), CALLS, 'calls');
  },
  async 'stream: a thought is a reasoning item before the text'() {
    const reply = await client.responses.stream(asked('think', { reasoning: { effort: 'high', summary: 'auto' } })).finalResponse();
    equal(reply.output.map((item) => item.type), ['reasoning', 'message'], 'items');
    check(JSON.stringify(reply.output[0]).includes('Let me think of it.'), JSON.stringify(reply.output[0]));
  },
  async 'create: the length limit'() {
    const reply = await client.responses.create(asked('length'));
    equal([reply.status, reply.incomplete_details.reason], ['incomplete', 'max_output_tokens'], 'status');
  },
  async 'stream: a cut is an error'() {
    await failure(() => client.responses.stream(asked('cut')).finalResponse());
  },
  async 'stream: an error in the middle has the provider\'s words'() {
    const seen = [];
    const error = await failure(async () => {
      const stream = client.responses.stream(asked('midstream'));
      stream.on('event', (event) => seen.push(JSON.stringify(event)));
      await stream.finalResponse();
    });
    check(`${error.message} ${seen.at(-1)}`.includes('too many guests'), `${error.message}; ${seen.at(-1)}`);
  },
  async 'what needs a memory of ours is refused with the way out'() {
    for (const more of [{ previous_response_id: 'resp_1' }, { background: true }]) {
      const error = await failure(() => client.responses.create(asked('plain', more)));
      check(error instanceof OpenAI.BadRequestError && /input/.test(error.message), `${error}`);
    }
  },
  async 'a broken request'() {
    const error = await failure(() => client.responses.create({ model: 'big-model' }));
    check(error instanceof OpenAI.BadRequestError && /^req_/.test(error.requestID), `${error} ${error.requestID}`);
  },
};

const CLASSES = {
  400: 'BadRequestError', 401: 'AuthenticationError', 403: 'PermissionDeniedError', 404: 'NotFoundError',
  429: 'RateLimitError', 500: 'InternalServerError', 503: 'InternalServerError', 529: 'InternalServerError',
};
for (const [status, name] of Object.entries(CLASSES)) {
  for (const stream of [false, true]) {
    checks[`status ${status}${stream ? ' of a stream' : ''} is ${name}`] = async () => {
      const error = await failure(() => client.responses.create(asked(`status ${status}`, { stream })));
      check(error instanceof OpenAI[name] && error.status === Number(status), `${error.constructor.name} ${error.status}`);
      check(error.message.includes(`words of ${status}`), error.message);
    };
  }
}

await run(checks);
