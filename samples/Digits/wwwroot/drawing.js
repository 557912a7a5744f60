import { SIDE, FULL, downsample } from './pixels.js';
import { addCells, gridLines, svgElement } from './grid.js';

// Points nearer than this to the last one add work and no shape.
const NEAREST = 0.08;

// Long enough to tell a lifted pen from the gap in an i or a 4; the keyboard is slower than a pen.
const PEN_REST_MS = 120;
const KEYS_REST_MS = 400;

const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * The drawing surface. It calls onChange with 64 pixels while the picture changes, onRest when the hand rests,
 * and say with what a screen reader should hear.
 */
export function createSurface(svg, { onChange, onRest, say }) {
  let strokes = [];
  let cells = emptyCells();
  // Pixels that came as they are, from an example, must not be fitted a second time.
  let exact = false;
  let cursor = { x: 3, y: 1 };
  let pointer = null;
  let restTimer = 0;
  let frame = 0;

  svg.append(gridLines());
  const inkCells = addCells(svg);
  const ink = svgElement('path', { class: 'ink' });
  const invitation = svgElement('text', { class: 'invitation', x: SIDE / 2, y: SIDE / 2, 'aria-hidden': 'true' });
  invitation.textContent = 'Draw here';
  // Two frames, one in the colour of the paper: the cursor must show on ink as well.
  const cursorBox = svgElement('g', { class: 'cursor' });
  cursorBox.append(...['halo', 'frame'].map((part) => svgElement('rect', { class: part, width: 1, height: 1 })));
  svg.append(ink, invitation, cursorBox);

  const isEmpty = () => strokes.length === 0 && cells.every((value) => value === 0);
  const pixels = () => (exact ? cells.slice() : downsample(strokes, cells));

  function changed() {
    // Many pointer events can arrive within one frame; one picture a frame is enough.
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      inkCells(cells);
      ink.setAttribute('d', strokes.map(toPath).join(''));
      invitation.toggleAttribute('hidden', !isEmpty());
      onChange(pixels());
    });
  }

  function rest(delay) {
    clearTimeout(restTimer);
    restTimer = setTimeout(() => onRest(isEmpty() ? null : pixels()), delay);
  }

  function clear() {
    clearTimeout(restTimer);
    strokes = [];
    cells = emptyCells();
    exact = false;
    pointer = null;
    changed();
    onRest(null);
  }

  function useKeys(on) {
    svg.classList.toggle('keys', on);
    cursorBox.setAttribute('transform', `translate(${cursor.x} ${cursor.y})`);
  }

  function position(event) {
    const box = svg.getBoundingClientRect();
    const within = (value) => Math.min(SIDE, Math.max(0, value));
    return {
      x: within(((event.clientX - box.left) / box.width) * SIDE),
      y: within(((event.clientY - box.top) / box.height) * SIDE),
    };
  }

  svg.addEventListener('pointerdown', (event) => {
    if (pointer !== null || event.button !== 0) {
      return;
    }
    if (exact) {
      clear();
    }
    clearTimeout(restTimer);
    useKeys(false);
    pointer = event.pointerId;
    svg.setPointerCapture(pointer);
    strokes.push([position(event)]);
    changed();
  });

  svg.addEventListener('pointermove', (event) => {
    if (event.pointerId !== pointer) {
      return;
    }
    const stroke = strokes.at(-1);
    const steps = event.getCoalescedEvents?.() ?? [];
    for (const step of steps.length > 0 ? steps : [event]) {
      const point = position(step);
      const last = stroke.at(-1);
      if (Math.hypot(point.x - last.x, point.y - last.y) >= NEAREST) {
        stroke.push(point);
      }
    }
    changed();
  });

  for (const type of ['pointerup', 'pointercancel']) {
    svg.addEventListener(type, (event) => {
      if (event.pointerId === pointer) {
        pointer = null;
        rest(PEN_REST_MS);
      }
    });
  }

  svg.addEventListener('focus', () => useKeys(pointer === null && svg.matches(':focus-visible')));
  svg.addEventListener('blur', () => useKeys(false));

  svg.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const move = MOVES[event.key];
    if (move) {
      moveCursor(move, event.shiftKey);
    } else if (event.key === ' ') {
      setCell(cellAtCursor() > 0 ? 0 : FULL);
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      clear();
      say('Cleared');
    } else {
      return;
    }
    event.preventDefault();
    useKeys(true);
  });

  const cellAtCursor = () => cells[cursor.y * SIDE + cursor.x];

  function moveCursor([x, y], drawing) {
    if (drawing) {
      setCell(FULL);
    }
    cursor = { x: clamp(cursor.x + x), y: clamp(cursor.y + y) };
    if (drawing) {
      setCell(FULL);
    }
    say(`Row ${cursor.y + 1}, column ${cursor.x + 1}, ${cellAtCursor() > 0 ? 'ink' : 'blank'}`);
  }

  function setCell(value) {
    if (cellAtCursor() === value) {
      return;
    }
    cells[cursor.y * SIDE + cursor.x] = value;
    say(value > 0 ? 'Ink' : 'Blank');
    changed();
    rest(KEYS_REST_MS);
  }

  return {
    clear,
    pixels: () => (isEmpty() ? null : pixels()),
    show(values) {
      strokes = [];
      cells = values.slice();
      exact = true;
      changed();
      rest(0);
    },
  };
}

const emptyCells = () => new Array(SIDE * SIDE).fill(0);

const clamp = (value) => Math.min(SIDE - 1, Math.max(0, value));

/** Curves through the middles of the segments: a polyline shows every sample of a slow mouse as a corner. */
function toPath(points) {
  const [first, ...others] = points;
  if (others.length === 0) {
    return `M${first.x} ${first.y}h0`;
  }
  const curves = others.slice(0, -1).map((point, i) => {
    const next = others[i + 1];
    return `Q${point.x} ${point.y} ${(point.x + next.x) / 2} ${(point.y + next.y) / 2}`;
  });
  const last = others.at(-1);
  return `M${first.x} ${first.y}${curves.join('')}L${last.x} ${last.y}`;
}
