import { INFER, inferBody } from './client.js';

// Enough to empty any sensible bucket, few enough to be no attack; a browser opens six connections to a host.
export const MOST = 400;
export const AT_ONCE = 6;

// mark is the part of the request that makes the difference.
export const CASES = {
  accepted: {
    why: 'What the drawing above sends, for comparison.',
  },
  'no-key': {
    why: 'Nobody is anonymous here. The answer names the ways to say who is asking, and the body was never read.',
    credential: '',
  },
  'wrong-key': {
    why: 'Unknown, malformed, expired or revoked: the answer is the same for all of them, so a guess learns nothing.',
    credential: 'si_test_made_up_by_this_page',
    mark: 'si_test_made_up_by_this_page',
  },
  'unknown-model': {
    why: 'A model that does not exist and a model that this key may not see give the same answer.',
    path: '/v2/models/letters/infer',
    mark: 'letters',
  },
  'wrong-shape': {
    why: 'Sixty-four numbers are there, in a shape that the model’s signature does not have. The model is never asked.',
    shape: [8, 8],
    mark: '[8,8]',
  },
  'not-a-number': {
    why: 'Every element is checked while it is read, before the request takes a place in the queue.',
    spoil: (pixels) => pixels.with(27, 'ink'),
    mark: '"ink"',
  },
  'too-many': {
    why: `Up to ${MOST} requests, ${AT_ONCE} at once, until the limit says no. Each caller has a bucket of their own.`,
    flood: true,
    mark: 'seq 100',
  },
};

export const needsKey = (chosen) => chosen.credential === undefined;

/** What to send for a case: the path, the key where it is not the page's own, and the body. */
export function prepare(name, pixels) {
  const { path = INFER, credential, shape, spoil } = CASES[name];
  return { path, credential, body: inferBody(spoil ? spoil(pixels) : pixels, { id: name, shape }) };
}

/** The same request for a shell, with the caller's own key left out of it. */
export function curl({ flood }, { path, credential, body }) {
  const key = credential === undefined ? '\n  -H "x-api-key: $KEY" \\' : credential && `\n  -H 'x-api-key: ${credential}' \\`;
  const request = (options) => `curl ${options} ${location.origin}${path} \\\n  -H 'content-type: application/json' \\${key}\n  -d '${body}'`;
  return flood
    ? `for i in $(seq 100); do\n${request("-s -o /dev/null -w '%{http_code}\\n'")}\ndone | sort | uniq -c`
    : request('-i');
}
