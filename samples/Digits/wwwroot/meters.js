import { svgElement } from './grid.js';
import { readLimit } from './limits.js';

const KEPT = 30;
const CHART = { step: 6, bar: 4, height: 32 };

// Below this part of the quota the gauge changes colour.
const LOW = 0.2;

export const inMilliseconds = (value) => `${value < 100 ? value.toFixed(1) : Math.round(value)} ms`;

export function createLatency({ figure, chart, note }) {
  const times = [];
  const svg = svgElement('svg', {
    viewBox: `0 0 ${KEPT * CHART.step} ${CHART.height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': 'No requests yet',
  });
  const bars = Array.from({ length: KEPT }, (_, i) => svgElement('rect', { x: i * CHART.step, width: CHART.bar }));
  svg.append(...bars);
  chart.append(svg);
  draw();

  function draw() {
    const slowest = Math.max(...times, 1);
    bars.forEach((bar, i) => {
      const time = times[times.length - KEPT + i];
      const height = time === undefined ? 1.5 : Math.max(3, (time / slowest) * CHART.height);
      bar.setAttribute('height', height);
      bar.setAttribute('y', CHART.height - height);
      bar.setAttribute('class', time === undefined ? 'unused' : i === KEPT - 1 ? 'latest' : 'earlier');
    });
  }

  return {
    add(milliseconds) {
      times.push(milliseconds);
      times.splice(0, times.length - KEPT);
      const sorted = times.toSorted((a, b) => a - b);
      const half = sorted.length / 2;
      const median = (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2;
      figure.textContent = inMilliseconds(milliseconds);
      note.textContent = times.length === 1
        ? 'One request, measured in this browser.'
        : `Median ${inMilliseconds(median)} of the last ${times.length}, measured in this browser.`;
      svg.setAttribute('aria-label',
        `Last ${times.length} requests: fastest ${inMilliseconds(sorted[0])}, slowest ${inMilliseconds(sorted.at(-1))}`);
      draw();
    },
  };
}

/** Shows what the last answer said is left and, from then on, what the policy's rate has given back since. */
export function createGauge({ figure, quota, gauge, note }) {
  const fill = gauge.firstElementChild;
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  let limit = null;
  let heardAt = 0;
  let running = false;

  function draw() {
    const left = Math.min(limit.quota, limit.remaining + ((performance.now() - heardAt) / 1000) * limit.rate);
    const whole = Math.floor(left);
    figure.textContent = whole;
    fill.style.width = `${(left / limit.quota) * 100}%`;
    gauge.classList.toggle('low', left / limit.quota < LOW);
    gauge.setAttribute('aria-valuenow', whole);
    gauge.setAttribute('aria-valuetext', `${whole} of ${limit.quota}`);
    running = left < limit.quota;
    if (running) {
      // With reduced motion the gauge still tells the truth, in steps instead of a glide.
      const next = calm.matches ? (then) => setTimeout(then, 500) : requestAnimationFrame;
      next(draw);
    }
  }

  return {
    hear(headers) {
      const heard = headers && readLimit(headers);
      if (!heard) {
        return;
      }
      limit = heard;
      heardAt = performance.now();
      quota.textContent = `of ${limit.quota}`;
      gauge.setAttribute('aria-valuemax', limit.quota);
      if (limit.rate > 0) {
        const each = Number(limit.rate.toFixed(1));
        note.textContent = each > 1 ? `${each} come back each second.` : `One comes back every ${Math.round(1 / limit.rate)} s.`;
      }
      if (!running) {
        draw();
      }
    },
  };
}
