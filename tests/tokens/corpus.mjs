// Texts for the comparison of tokenizers, generated from a seed: code, prose, CJK, emoji, base64, white space, and
// random characters of every kind.
//
// tiktoken is quadratic in the length of one piece, so no run of one class is longer than 4 KB.

// A small generator of our own, so that a seed gives the same texts everywhere (xorshift32).
export class Random {
  constructor(seed) {
    this.state = seed >>> 0 || 1;
  }
  next() {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x >>> 0;
    return this.state;
  }
  below(limit) {
    return this.next() % limit;
  }
  pick(list) {
    return list[this.below(list.length)];
  }
  chance(percent) {
    return this.below(100) < percent;
  }
}

const SYLLABLES = "ba con de er fi gra ho in ju ka lo men no op pre qui re sta ti un ver wo xy zo ing tion ment able str ght".split(" ");
const KEYWORDS = "if else for while return const auto void int static class struct public private virtual import from def lambda async await function let var new delete try catch throw switch case break continue namespace template typename using SELECT FROM WHERE NULL TRUE None self".split(" ");
const CONTRACTIONS = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'S", "'T", "'RE", "'Ve", "'LL", "'D", "'ſ", "’s", "'x", "'"];
const WHITE = [" ", "  ", "\t", "\n", "\r\n", "\r", "\n\n", "\v", "\f", "\u00a0", "\u2003", "\u3000", "\u0085", "\u2028", "\u200b", "\ufeff"];
const SIGNS = Array.from("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~¡§©«¬®°±¶·»¿×÷–—‘’“”…€™→∀∑≤").concat("::", "->", "=>", "!=", "&&", "/*", "*/", "//", "...", "<|endoftext|>", "<|im_start|>", "<|fim_prefix|>");
const EMOJI = ["😀", "🚂", "👩‍💻", "🏳️‍🌈", "👍🏽", "🇩🇪", "❤️", "1️⃣", "✨", "🫠"];
const CJK = "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办运武半候七必城父强步完革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历越史商千片容研像找友孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观争究包组造落视济喜离虽坐";
const KANA = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをんアイウエオカキクケコサシスセソー・ゝゞヽヾ゛゜";
const HANGUL = "가나다라마바사아자차카타파하한국어는입니다";
const FOREIGN = ["привет", "мир", "Ελληνικά", "λόγος", "עברית", "العربية", "हिन्दी", "नमस्ते", "ภาษาไทย", "Ünïcödé", "straße", "naïve", "İstanbul", "ǅungla", "ʰʷ", "e\u0301te\u0301", "ﬁne", "Ⅷ", "½", "٣٤٥", "१२३", "𝔘𝔫𝔦", "𐐨𐐩"];
const DIGITS = "0123456789";

const times = (n, make) => Array.from({ length: n }, make).join("");

function word(r) {
  const plain = times(1 + r.below(4), () => r.pick(SYLLABLES));
  const kind = r.below(10);
  if (kind === 0) return plain.toUpperCase();
  if (kind < 3) return plain[0].toUpperCase() + plain.slice(1);
  return plain;
}

const identifier = (r) => {
  const parts = Array.from({ length: 1 + r.below(4) }, () => word(r));
  const joined = r.chance(50) ? parts.join("_") : parts.map((p, i) => (i ? p[0].toUpperCase() + p.slice(1) : p)).join("");
  return r.chance(20) ? joined + r.below(1000) : joined;
};

const number = (r) => times(1 + r.below(9), () => r.pick(DIGITS)) + (r.chance(20) ? "." + r.below(1000) : "");

function codeLine(r) {
  let line = (r.chance(20) ? "\t" : "    ").repeat(r.below(6));
  const count = 1 + r.below(9);
  for (let i = 0; i < count; ++i) {
    const kind = r.below(10);
    if (kind < 3) line += r.pick(KEYWORDS) + " ";
    else if (kind < 6) line += identifier(r);
    else if (kind < 7) line += number(r);
    else line += (r.chance(40) ? " " : "") + r.pick(SIGNS) + (r.chance(40) ? " " : "");
  }
  return line + r.pick([";", "{", "}", ")", ",", ""]) + r.pick(["\n", "\n", "\n", "\r\n", "\n\n"]);
}

function sentence(r) {
  const words = Array.from({ length: 4 + r.below(16) }, () => word(r) + (r.chance(6) ? r.pick(CONTRACTIONS) : "") + (r.chance(8) ? "," : ""));
  return words.join(" ") + r.pick([". ", "! ", "? ", ".\n", ".\n\n", ": "]);
}

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const from = (r, letters, most) => times(1 + r.below(most), () => r.pick(letters));

export const KINDS = {
  code: (r) => times(12, () => codeLine(r)),
  prose: (r) => times(6, () => sentence(r)),
  cjk: (r) => times(8, () => from(r, r.pick([CJK, CJK, KANA, HANGUL]), 24) + r.pick(["，", "。", "、", "！", " ", "\n", String(r.below(9999)), word(r)])),
  foreign: (r) => times(10, () => r.pick(FOREIGN) + r.pick(WHITE)),
  emoji: (r) => times(12, () => r.pick(EMOJI) + (r.chance(30) ? word(r) : "") + (r.chance(30) ? r.pick(WHITE) : "")),
  base64: (r) => from(r, BASE64, 2000) + "=".repeat(r.below(3)) + "\n",
  white: (r) => r.pick(WHITE).repeat(1 + r.below(r.chance(2) ? 2000 : 40)) + r.pick(WHITE).repeat(r.below(4)) + r.pick([word(r), "", number(r), r.pick(SIGNS)]),
  run: (r) => r.pick(["a", "A", "é", "-", "=", "/", "0", "中", "😀", "\u0301", "!", "_", "\n", " "]).repeat(1 + r.below(r.chance(5) ? 1000 : 30)),
};

/// One text of about `size` bytes, mixed of all kinds.
export function mixedText(r, size) {
  const kinds = ["code", "code", "code", "prose", "prose", "cjk", "foreign", "emoji", "base64", "white", "run"];
  let text = "";
  while (text.length < size) text += KINDS[r.pick(kinds)](r);
  return text;
}

function anyCodePoint(r) {
  const kind = r.below(12);
  if (kind < 4) return r.below(0x80);
  if (kind < 6) return r.below(0x800);
  if (kind < 9) return r.below(0xd800);
  if (kind < 10) return 0xe000 + r.below(0x2000);
  return 0x10000 + r.below(kind < 11 ? 0x10000 : 0x100000);
}

/// A short text of random characters and pieces, of every plane.
export function randomText(r) {
  return times(1 + r.below(12), () => {
    const kind = r.below(14);
    if (kind < 6) return String.fromCodePoint(anyCodePoint(r));
    if (kind === 6) return r.pick(CONTRACTIONS);
    if (kind === 7) return r.pick(WHITE);
    if (kind === 8) return r.pick(SIGNS);
    if (kind === 9) return r.pick(DIGITS).repeat(1 + r.below(5));
    if (kind === 10) return r.pick(FOREIGN);
    if (kind === 11) return r.pick(EMOJI);
    return word(r);
  });
}

/// Every code point alone, between letters, and behind and before a space and a sign.
export function everyCodePoint(use) {
  for (let c = 0; c < 0x110000; ++c) {
    if (c >= 0xd800 && c < 0xe000) continue;
    const char = String.fromCodePoint(c);
    use(`${char} a${char}B${char}${char}b ${char}!${char}'s\n${char}1${char}`);
  }
}

/// A run of one class, of about `size` characters: one letter, letters, white space or base64.
export function longRun(r, size) {
  const length = size + r.below(999);
  const kind = r.below(4);
  if (kind === 0) return r.pick(["a", "A", "中", "-"]).repeat(length);
  if (kind === 1) return r.pick([" ", "\n", "\t"]).repeat(length) + word(r);
  const letters = kind === 2 ? BASE64 : "abcdefghijklmnopqrstuvwxyz";
  return times(length, () => r.pick(letters));
}
