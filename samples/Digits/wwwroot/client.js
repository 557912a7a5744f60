export const INFER = '/v2/models/digits/infer';

const KEY_IN_TAB = 'digits-key';
const ANSWER_WITHIN_MS = 10_000;

// A header carries visible ASCII and nothing else; fetch throws for the rest.
const SENDABLE = /^[\x21-\x7e]+$/;

let key = '';

export const getKey = () => key;

/** Keeps the key for this tab only, so that a reload works and a closed tab forgets. */
export function setKey(value) {
  key = value.trim();
  try {
    if (key) {
      sessionStorage.setItem(KEY_IN_TAB, key);
    } else {
      sessionStorage.removeItem(KEY_IN_TAB);
    }
  } catch {
    // Storage may be switched off; memory is enough until the reload.
  }
}

/** Takes the key out of the address, where a screenshot, the history or a bookmark would carry it on. */
export function takeKeyFromAddress() {
  const found = new URLSearchParams(location.hash.slice(1)).get('key');
  if (found) {
    history.replaceState(history.state, '', location.pathname + location.search);
    setKey(found);
  }
  return Boolean(found);
}

export function takeKeyFromTab() {
  try {
    key = sessionStorage.getItem(KEY_IN_TAB) ?? '';
  } catch {
    key = '';
  }
}

/** The body of a request, laid out in eight rows so that a reader of the curl command sees the digit. */
export function inferBody(pixels, { id, shape = [1, 64] }) {
  const rows = [];
  for (let i = 0; i < pixels.length; i += 8) {
    rows.push('  ' + pixels.slice(i, i + 8).map((value) => JSON.stringify(value).padStart(2)).join(','));
  }
  const input = `  "name":"pixels","shape":${JSON.stringify(shape)},"datatype":"FP32","data":[`;
  return `{"id":${JSON.stringify(id)},"inputs":[{\n${input}\n${rows.join(',\n')}]}]}`;
}

/**
 * Sends one request and returns what came back, whatever it was. status is 0 where no answer came, and then
 * problem says why: 'key' (it cannot be put into a header), 'late' or 'network'.
 */
export async function send({ path = INFER, credential = key, body }) {
  if (credential && !SENDABLE.test(credential)) {
    return { status: 0, problem: 'key' };
  }
  const headers = { 'content-type': 'application/json' };
  if (credential) {
    headers['x-api-key'] = credential;
  }
  const start = performance.now();
  try {
    const response = await fetch(path, {
      method: 'POST', headers, body, cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: parseJson(text),
      milliseconds: performance.now() - start,
    };
  } catch (error) {
    return { status: 0, problem: error.name === 'TimeoutError' ? 'late' : 'network' };
  }
}

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function retryAfter(answer) {
  const seconds = Number(answer.headers?.get('retry-after') ?? NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}

/** A refusal in words, for somebody who has just drawn a digit. */
export function inWords(answer) {
  const said = answer.json?.detail ?? answer.json?.error;
  switch (answer.status) {
    case 0:
      return {
        key: 'This key has characters that no key has. Paste it again.',
        late: 'The server took too long to answer.',
        network: 'The server does not answer. Is the app still running?',
      }[answer.problem];
    case 401:
      return getKey() ? 'The server does not accept this key (401).' : 'The server wants to know who is asking (401). Add a key above.';
    case 403:
      return 'The server does not accept this key (403). It may be mistyped, expired or revoked.';
    case 429: {
      const seconds = retryAfter(answer);
      return `That was too fast (429). ${seconds === null ? 'Try again later.' : `Try again in ${seconds} s.`}`;
    }
    default:
      return said ? `${said} (${answer.status})` : `The server answered ${answer.status}.`;
  }
}
