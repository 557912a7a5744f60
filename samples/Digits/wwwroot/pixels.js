// From strokes to the 64 numbers of the UCI digits data set: a bitmap of 32 x 32, counted in blocks of 4 x 4.

export const SIDE = 8;
export const FULL = 16;

const BITMAP = 32;
const BLOCK = BITMAP / SIDE;

// Whatever the digit and the pen, the pictures of the data set have about this many dark pixels: their makers thickened
// thin writing and thinned thick writing. The pen's width is chosen to arrive there too.
const USUAL_INK = 313;
const THINNEST = 0.03;
const THICKEST = 0.16;
const PEN_STEPS = 6;

/**
 * strokes: arrays of points {x, y} in cells (0 to 8). cells: 64 numbers, a cell above 0 is full ink.
 * Returns 64 whole numbers from 0 to 16.
 */
export function downsample(strokes, cells) {
  const squares = [];
  cells.forEach((value, i) => {
    if (value > 0) {
      squares.push({ x: i % SIDE, y: Math.floor(i / SIDE) });
    }
  });
  const segments = strokes.flatMap(toSegments);
  if (segments.length === 0) {
    return squares.length === 0 ? new Array(SIDE * SIDE).fill(0) : countBlocks(bitmap(segments, squares, 0));
  }

  const size = Math.max(extent(segments, 'x'), extent(segments, 'y'), 1);
  let thin = THINNEST * size;
  let thick = THICKEST * size;
  for (let step = 0; step < PEN_STEPS; step++) {
    const middle = (thin + thick) / 2;
    if (inkOf(bitmap(segments, squares, middle)) > USUAL_INK) {
      thick = middle;
    } else {
      thin = middle;
    }
  }
  return countBlocks(bitmap(segments, squares, thin));
}

function toSegments(points) {
  if (points.length === 1) {
    return [{ a: points[0], b: points[0] }];
  }
  return points.slice(1).map((b, i) => ({ a: points[i], b }));
}

function extent(segments, axis) {
  const values = segments.flatMap(({ a, b }) => [a[axis], b[axis]]);
  return Math.max(...values) - Math.min(...values);
}

function bitmap(segments, squares, radius) {
  const box = boundingBox(segments, squares, radius);
  const scale = BITMAP / Math.max(box.right - box.left, box.bottom - box.top);
  const centreX = (box.left + box.right) / 2;
  const centreY = (box.top + box.bottom) / 2;

  const pixels = new Uint8Array(BITMAP * BITMAP);
  for (let row = 0; row < BITMAP; row++) {
    const y = centreY + (row + 0.5 - BITMAP / 2) / scale;
    for (let column = 0; column < BITMAP; column++) {
      const x = centreX + (column + 0.5 - BITMAP / 2) / scale;
      const inked = squares.some((s) => x >= s.x && x < s.x + 1 && y >= s.y && y < s.y + 1)
        || segments.some((s) => squaredDistance(x, y, s) <= radius * radius);
      pixels[row * BITMAP + column] = inked ? 1 : 0;
    }
  }
  return pixels;
}

function boundingBox(segments, squares, radius) {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  const include = (left, top, right, bottom) => {
    box.left = Math.min(box.left, left);
    box.top = Math.min(box.top, top);
    box.right = Math.max(box.right, right);
    box.bottom = Math.max(box.bottom, bottom);
  };
  for (const { a, b } of segments) {
    include(Math.min(a.x, b.x) - radius, Math.min(a.y, b.y) - radius, Math.max(a.x, b.x) + radius, Math.max(a.y, b.y) + radius);
  }
  for (const { x, y } of squares) {
    include(x, y, x + 1, y + 1);
  }
  return box;
}

function squaredDistance(x, y, { a, b }) {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / length));
  const offX = x - a.x - along * dx;
  const offY = y - a.y - along * dy;
  return offX * offX + offY * offY;
}

function inkOf(pixels) {
  return pixels.reduce((sum, pixel) => sum + pixel, 0);
}

function countBlocks(pixels) {
  const counts = new Array(SIDE * SIDE).fill(0);
  pixels.forEach((pixel, i) => {
    const row = Math.floor(i / BITMAP / BLOCK);
    const column = Math.floor((i % BITMAP) / BLOCK);
    counts[row * SIDE + column] += pixel;
  });
  return counts;
}
