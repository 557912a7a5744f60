const SURE = 0.6;

const percent = (value) => `${(value * 100).toFixed(1)} %`;

// Rounded up to 100 %, a model that is almost sure would seem to know.
const wholePercent = (value) => `${value < 0.9995 ? Math.min(99, Math.round(value * 100)) : 100} %`;

/** The big digit, its sentence and the ten bars. */
export function createResult({ digit, summary, bars }) {
  const rows = Array.from({ length: 10 }, (_, i) => createRow(i));
  bars.append(...rows.map((row) => row.item));

  function reset(sentence, kind) {
    digit.textContent = '–';
    summary.textContent = sentence;
    summary.dataset.kind = kind;
    digit.dataset.kind = kind;
    rows.forEach((row) => row.clear());
  }

  return {
    idle: () => reset('Nothing drawn yet.', 'idle'),
    trouble: (sentence) => reset(sentence, 'trouble'),
    show(probabilities) {
      const winner = probabilities.indexOf(Math.max(...probabilities));
      const sure = probabilities[winner];
      digit.textContent = String(winner);
      summary.textContent = `This ${sure < SURE ? 'may be' : 'is'} ${winner === 8 ? 'an' : 'a'} ${winner}, ${wholePercent(sure)}`;
      summary.dataset.kind = 'answer';
      digit.dataset.kind = 'answer';
      rows.forEach((row, i) => row.show(probabilities[i], i === winner));
    },
  };
}

function createRow(number) {
  const item = document.createElement('li');
  item.className = 'bar';
  item.dataset.digit = number;
  const label = part('bar-label', String(number));
  const track = part('bar-track');
  const fill = part('bar-fill');
  const value = part('bar-value');
  track.append(fill);
  item.append(label, track, value);
  return {
    item,
    show(probability, wins) {
      item.dataset.probability = probability.toFixed(4);
      item.classList.toggle('wins', wins);
      fill.style.width = `${probability * 100}%`;
      value.textContent = percent(probability);
    },
    clear() {
      this.show(0, false);
      value.textContent = '';
    },
  };
}

function part(className, text = '') {
  const span = document.createElement('span');
  span.className = className;
  span.textContent = text;
  return span;
}
