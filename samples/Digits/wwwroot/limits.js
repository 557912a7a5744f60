// The RateLimit and RateLimit-Policy headers: lists of structured fields (RFC 9651), such as "default";q=60;w=3.

/** Returns [{name, parameters}]. A member that is no string or token with parameters is passed over. */
export function parseList(text) {
  return splitOutsideQuotes(text ?? '', ',').flatMap((member) => {
    const [item, ...parameters] = splitOutsideQuotes(member, ';');
    const name = parseItem(item);
    if (typeof name !== 'string') {
      return [];
    }
    return [{ name, parameters: Object.fromEntries(parameters.map(parseParameter)) }];
  });
}

/** What is left, from the answer's headers: the policy that will stop the caller first. Null where nothing is said. */
export function readLimit(headers) {
  const policies = parseList(headers.get('ratelimit-policy'));
  const limits = parseList(headers.get('ratelimit')).flatMap(({ name, parameters }) => {
    const policy = policies.find((candidate) => candidate.name === name)?.parameters ?? {};
    const remaining = parameters.r;
    if (!Number.isFinite(remaining)) {
      return [];
    }
    const quota = Math.max(policy.q ?? remaining, remaining, 1);
    // Without a window, the time until the quota is whole again gives the same rate.
    const rate = policy.w > 0 ? quota / policy.w : (quota - remaining) / (parameters.t || 1);
    return [{ quota, remaining, rate }];
  });
  return limits.sort((a, b) => a.remaining / a.quota - b.remaining / b.quota)[0] ?? null;
}

function splitOutsideQuotes(text, separator) {
  const parts = [''];
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    if (quoted && text[i] === '\\') {
      parts[parts.length - 1] += text[i] + (text[++i] ?? '');
      continue;
    }
    if (text[i] === '"') {
      quoted = !quoted;
    }
    if (text[i] === separator && !quoted) {
      parts.push('');
    } else {
      parts[parts.length - 1] += text[i];
    }
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function parseParameter(text) {
  const at = text.indexOf('=');
  return at < 0 ? [text, true] : [text.slice(0, at), parseItem(text.slice(at + 1))];
}

function parseItem(text) {
  if (text?.startsWith('"') && text.endsWith('"') && text.length > 1) {
    return text.slice(1, -1).replace(/\\(["\\])/g, '$1');
  }
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
