import { getKey, inferBody, inWords, send, setKey, takeKeyFromAddress, takeKeyFromTab } from './client.js';
import { createSurface } from './drawing.js';
import { createPicture } from './grid.js';
import { createGauge, createLatency } from './meters.js';
import { createRefusals } from './refusals.js';
import { createResult } from './result.js';

// One picture for each digit out of data/held-out.csv, a character for each of its 64 values: 0 to 9, then a to g for 10 to 16.
const EXAMPLES = [
  '004gc10002ggb80003gd1e2004g00d4004f00d8001g10e5000a87f10002dg800',
  '000bg500000ag500004gg5000bggg300058eg200000eg200000bg2000008g800',
  '02dga0000cf9g2000a81g6000112g600000af200002f900002fg986001dgggg3',
  '02ege40004b5dc000002f7000004g4000001dd1000002g400013bf2001cg9200',
  '0009g300007g700002f8017009e02de008gefg600178gc000007g500000cc000',
  '01egge1000ad640003fb300005ggg6000001af000000bb00007cg50002ff5000',
  '005g500000ce100000fa000003g9100007ggg90001ga8g6000ce59d0004ffc30',
  '006gggga006a8eg300004g80002aef60006ggg70000f9000006g600000ad1000',
  '003acc2001dc6d8008g88e1005egg30000cgf20003g2fa0004g8cc00009gf300',
  '009gc20000g35a0000d4eg40004ggg7000034a400000086000c11d30008fg900',
].map((row) => Array.from(row, (character) => parseInt(character, 17)));

const byId = (id) => document.getElementById(id);

const result = createResult({ digit: byId('result'), summary: byId('summary'), bars: byId('bars') });
const latency = createLatency({ figure: byId('latency'), chart: byId('sparkline'), note: byId('latency-note') });
const gauge = createGauge({ figure: byId('remaining'), quota: byId('quota'), gauge: byId('gauge'), note: byId('limit-note') });
const seen = createPicture('The drawing as 8 by 8 numbers');
byId('seen').append(seen.svg);

const say = (text) => {
  byId('spoken').textContent = text;
};

const surface = createSurface(byId('draw'), { onChange: seen.draw, onRest: ask, say });

let asked = 0;

async function ask(pixels) {
  const turn = ++asked;
  refusals.refresh();
  if (pixels === null) {
    result.idle();
    return;
  }
  const answer = await send({ body: inferBody(pixels, { id: `drawing-${turn}` }) });
  gauge.hear(answer.headers);
  // The drawing may have gone on while the request was under way; only the newest answer is about what is on the screen.
  const probabilities = answer.status === 200 ? answer.json?.outputs?.[0]?.data : null;
  if (probabilities) {
    latency.add(answer.milliseconds);
  }
  if (turn === asked) {
    if (probabilities) {
      result.show(probabilities);
    } else {
      result.trouble(inWords(answer));
    }
  }
}

byId('clear').addEventListener('click', surface.clear);

byId('examples').append(...EXAMPLES.map((pixels, digit) => {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'example';
  button.dataset.example = digit;
  button.setAttribute('aria-label', `Example of a ${digit}`);
  const picture = createPicture();
  picture.draw(pixels);
  button.append(picture.svg);
  button.addEventListener('click', () => surface.show(pixels));
  return button;
}));

const refusals = createRefusals({
  buttons: document.querySelectorAll('[data-case]'),
  why: byId('why'),
  request: byId('request'),
  copy: byId('copy'),
  answer: byId('answer'),
  timing: byId('timing'),
  tally: byId('tally'),
  notice: byId('notice'),
}, {
  pixels: () => surface.pixels() ?? EXAMPLES[3],
  hear: gauge.hear,
  say,
});

const keyField = byId('key');

function showKeyState() {
  const has = getKey() !== '';
  byId('no-key').hidden = has;
  byId('forget').hidden = !has;
  byId('key-state').textContent = has ? 'A key is set. It is kept for this tab only.' : 'No key is set.';
}

function askAgain() {
  ask(surface.pixels());
}

keyField.addEventListener('input', () => {
  setKey(keyField.value);
  showKeyState();
});
keyField.addEventListener('change', askAgain);
byId('key-form').addEventListener('submit', (event) => {
  event.preventDefault();
  askAgain();
});
byId('forget').addEventListener('click', () => {
  keyField.value = '';
  setKey('');
  showKeyState();
  keyField.focus();
});

function takeKey() {
  if (!takeKeyFromAddress()) {
    return false;
  }
  keyField.value = getKey();
  showKeyState();
  return true;
}

addEventListener('hashchange', takeKey);
if (!takeKey()) {
  takeKeyFromTab();
  keyField.value = getKey();
  showKeyState();
}
result.idle();
