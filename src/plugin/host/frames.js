// The script of the plugin host: these files are run as one, in the order that embedded.cpp gives.
// It owns no policy: what is called, with what, and for how long, the service decides.
'use strict';

const fs = require('node:fs');

// Frames, as frame.h describes them: length, kind, call, length of the head, head, body.
const FIXED = 13;
const LONGEST = 256 * 2 ** 20;

class Lane {
  #socket;
  #pieces = [];
  #size = 0;
  #wanted = FIXED;
  settings = ''; // the configuration as JSON text; what is under way keeps its own
  calls = new Map(); // id -> what takes the later frames of a call

  constructor(descriptor) {
    this.#socket = new (require('node:net').Socket)({ fd: descriptor, readable: true, writable: true });
    this.#socket.on('data', (bytes) => this.#take(bytes));
    this.#socket.on('error', () => {}); // it is closed, too
    this.#socket.on('end', () => this.#socket.destroy());
    this.#socket.once('close', laneEnded);
  }

  get isOpen() {
    return !this.#socket.destroyed;
  }

  send(kind, id, head, body) {
    const text = head === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(head));
    const bytes = body ?? Buffer.alloc(0);
    const fixed = Buffer.allocUnsafe(FIXED);
    fixed.writeUInt32LE(FIXED - 4 + text.length + bytes.length, 0);
    fixed[4] = kind.charCodeAt(0);
    fixed.writeUInt32LE(id, 5);
    fixed.writeUInt32LE(text.length, 9);
    this.#socket.cork();
    this.#socket.write(fixed);
    if (text.length) this.#socket.write(text);
    if (bytes.length) this.#socket.write(bytes);
    this.#socket.uncork();
  }

  #take(bytes) {
    this.#pieces.push(bytes);
    this.#size += bytes.length;
    if (this.#size < this.#wanted) return;
    let all = this.#pieces.length === 1 ? this.#pieces[0] : Buffer.concat(this.#pieces);
    while (all.length >= FIXED) {
      const whole = 4 + all.readUInt32LE(0);
      if (whole > 4 + LONGEST || whole < FIXED) return leave(1); // no frame: nothing that follows can be read
      if (all.length < whole) break;
      this.#dispatch(all.subarray(0, whole));
      all = all.subarray(whole);
    }
    this.#wanted = all.length < 4 ? FIXED : Math.max(FIXED, 4 + all.readUInt32LE(0));
    this.#pieces = all.length ? [all] : [];
    this.#size = all.length;
  }

  #dispatch(frame) {
    const kind = String.fromCharCode(frame[4]);
    const id = frame.readUInt32LE(5);
    const body = FIXED + frame.readUInt32LE(9);
    const head = frame.subarray(FIXED, body);
    handleFrame(this, kind, id, head, frame.subarray(body));
  }
}
