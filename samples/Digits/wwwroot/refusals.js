import { AT_ONCE, CASES, MOST, curl, needsKey, prepare } from './cases.js';
import { getKey, inWords, retryAfter, send } from './client.js';
import { inMilliseconds } from './meters.js';

const REASONS = {
  200: 'OK', 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed',
  413: 'Content Too Large', 415: 'Unsupported Media Type', 429: 'Too Many Requests', 500: 'Internal Server Error',
  503: 'Service Unavailable', 504: 'Gateway Timeout',
};

const SHOWN_HEADERS = ['content-type', 'www-authenticate', 'retry-after', 'ratelimit-policy', 'ratelimit', 'allow', 'cache-control'];

/**
 * view holds the elements. pixels gives what to send, hear gets the headers of every answer, and say gets what a
 * screen reader should hear.
 */
export function createRefusals(view, { pixels, hear, say }) {
  let current = 'accepted';
  let busy = false;
  let countdown = 0;

  function showRequest(name) {
    current = name;
    const chosen = CASES[name];
    view.why.textContent = chosen.why;
    showMarked(view.request, curl(chosen, prepare(name, pixels())), chosen.mark);
    view.buttons.forEach((button) => button.setAttribute('aria-current', button.dataset.case === name));
  }

  async function run(name) {
    if (busy) {
      return;
    }
    showRequest(name);
    clearAnswer();
    if (needsKey(CASES[name]) && !getKey()) {
      view.answer.dataset.empty = 'Not sent.';
      notify('This one needs a key: without one, the first guard answers 401 whatever else is wrong. Add a key at the top.', 'bad');
      say(view.notice.textContent);
      return;
    }
    busy = true;
    view.answer.dataset.empty = 'Sending …';
    const request = prepare(name, pixels());
    const outcome = CASES[name].flood ? await flood(request) : await once(request);
    busy = false;
    showAnswer(outcome.answer);
    view.timing.textContent = outcome.timing;
    if (outcome.notice) {
      notify(outcome.notice, 'good');
    }
    say([statusLine(outcome.answer), outcome.answer.json?.detail, outcome.notice].filter(Boolean).join('. '));
  }

  async function once(request) {
    const answer = await send(request);
    hear(answer.headers);
    const timing = answer.status ? inMilliseconds(answer.milliseconds) : '';
    return { answer, timing };
  }

  async function flood(request) {
    const start = performance.now();
    let sent = 0;
    let last = null;
    let stopped = false;
    view.tally.hidden = false;

    async function sendInTurn() {
      while (!stopped && sent < MOST) {
        sent++;
        const answer = await send(request);
        hear(answer.headers);
        addToTally(answer.status);
        // The first refusal is the one to show: later ones were under way already.
        if (!stopped) {
          last = answer;
          stopped = answer.status !== 200;
        }
      }
    }

    await Promise.all(Array.from({ length: AT_ONCE }, sendInTurn));
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const notice = last.status === 200 ? 'None was refused: the limit refills faster than this browser sends.' : undefined;
    return { answer: last, timing: `${sent} requests in ${seconds} s`, notice };
  }

  function addToTally(status) {
    const mark = document.createElement('span');
    mark.className = status === 200 ? 'tally-in' : 'tally-out';
    view.tally.append(mark);
    const refused = view.tally.querySelectorAll('.tally-out').length;
    view.tally.setAttribute('aria-label', `${view.tally.childElementCount - refused} let in, ${refused} refused`);
  }

  function clearAnswer() {
    clearInterval(countdown);
    view.notice.hidden = true;
    view.tally.hidden = true;
    view.tally.replaceChildren();
    view.answer.replaceChildren();
    view.timing.textContent = '';
  }

  function showAnswer(answer) {
    if (answer.status === 0) {
      view.answer.replaceChildren(part('status-bad', statusLine(answer)), `\n\n${inWords(answer)}`);
      return;
    }
    const status = part(answer.status < 300 ? 'status-good' : 'status-bad', statusLine(answer));
    const headers = SHOWN_HEADERS.filter((name) => answer.headers.has(name))
      .flatMap((name) => ['\n', part('name', `${name}: `), answer.headers.get(name)]);
    const body = answer.json === null ? [answer.text] : highlight(pretty(answer.json));
    view.answer.replaceChildren(status, ...headers, '\n\n', ...body);
    const seconds = answer.status === 429 ? retryAfter(answer) : null;
    if (seconds !== null) {
      countDown(seconds);
    }
  }

  function notify(text, kind) {
    view.notice.textContent = text;
    view.notice.dataset.kind = kind;
    view.notice.hidden = false;
  }

  function countDown(seconds) {
    const end = performance.now() + seconds * 1000;
    const show = () => {
      const left = Math.ceil((end - performance.now()) / 1000);
      if (left > 0) {
        notify(`Retry-After: wait ${left} s.`, 'bad');
      } else {
        notify('Retry-After is over: the next request is let in.', 'good');
        clearInterval(countdown);
      }
    };
    countdown = setInterval(show, 100);
    show();
  }

  view.buttons.forEach((button) => button.addEventListener('click', () => run(button.dataset.case)));
  view.copy.addEventListener('click', () => copy(view.request, view.copy));
  showRequest(current);

  return {
    /** Shows the request with the newest drawing, unless an answer to the one shown stands beside it. */
    refresh() {
      if (!busy && !view.answer.hasChildNodes()) {
        showRequest(current);
      }
    },
  };
}

function statusLine({ status }) {
  return status === 0 ? 'No answer' : `HTTP ${status} ${REASONS[status] ?? ''}`.trim();
}

/** JSON with one line a member, but number lists kept on one line. */
function pretty(json) {
  return JSON.stringify(json, null, 2).replace(/\[\s+([^[\]{}"]*?)\s+\]/g, (_, list) => `[${list.replace(/\s+/g, ' ')}]`);
}

function highlight(text) {
  return text.split(/("(?:[^"\\]|\\.)*"(?=:))/).map((piece, i) => (i % 2 ? part('name', piece) : piece));
}

function showMarked(element, text, mark) {
  const at = mark ? text.indexOf(mark) : -1;
  if (at < 0) {
    element.textContent = text;
    return;
  }
  const marked = document.createElement('mark');
  marked.textContent = mark;
  element.replaceChildren(text.slice(0, at), marked, text.slice(at + mark.length));
}

function part(className, text) {
  const span = document.createElement('span');
  span.className = className;
  span.textContent = text;
  return span;
}

async function copy(source, button) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = 'Copied';
  } catch {
    // Without a secure context there is no clipboard: leave the text selected for the reader's own copy.
    getSelection().selectAllChildren(source);
    button.textContent = 'Selected';
  }
  setTimeout(() => {
    button.textContent = 'Copy';
  }, 1500);
}
