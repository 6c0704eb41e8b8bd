// Addresses that transformers serve themselves (`endPoint`): requests in a language of theirs, and answers in it.

// Where files of this host want to be asked.
async function endpoints(head, body, call) {
  call.began();
  const { named } = await scriptsByName({ ...head, use: [] });
  const made = await Promise.all([...named.values()].map(transformerAt));
  return { endpoints: made.filter(({ instance }) => typeof instance.endPoint === 'string')
    .map(({ name, instance }) => ({ name, path: instance.endPoint })) };
}

class Exchange extends Passage {
  constructor(head, body, call) {
    super('transformResponseIn', head, body, call);
    this.answers = false;
  }

  responders() {
    return [this.script];
  }

  async request(head) {
    const [made] = await chainOf(head);
    this.script = await made;
    this.call.began();
    let body = this.context.req.body;
    const was = JSON.stringify(body);
    if (has('transformRequestOut')(this.script)) {
      const made = await run(this.script, 'transformRequestOut', body, this.context);
      const isWrapped = made?.body && typeof made.body === 'object' && 'config' in made;
      body = (isWrapped ? made.body : made) ?? body;
    }
    const is = textOf(body);
    this.answers = has('transformResponseIn')(this.script);
    this.call.lane.send('R', this.call.id, { answers: this.answers, changed: is !== was }, is === was ? undefined : Buffer.from(is));
  }
}

async function endpoint(head, body, call) {
  const exchange = new Exchange(head, body, call);
  call.lane.calls.set(call.id, (...frame) => exchange.on(...frame));
  try {
    await exchange.request(head);
  } finally {
    if (!exchange.answers) exchange.end();
  }
}
