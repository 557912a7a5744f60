import { SIDE, FULL } from './pixels.js';

const SVG = 'http://www.w3.org/2000/svg';

export function svgElement(name, attributes = {}) {
  const element = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) {
    element.setAttribute(attribute, value);
  }
  return element;
}

/** Adds 64 squares to an SVG whose viewBox is 0 0 8 8, and returns the function that inks them. */
export function addCells(parent) {
  const cells = Array.from({ length: SIDE * SIDE }, (_, i) => {
    const cell = svgElement('rect', {
      class: 'cell', x: i % SIDE, y: Math.floor(i / SIDE), width: 1, height: 1, 'fill-opacity': 0,
    });
    parent.append(cell);
    return cell;
  });
  return (pixels) => cells.forEach((cell, i) => cell.setAttribute('fill-opacity', pixels[i] / FULL));
}

export function gridLines() {
  const inner = Array.from({ length: SIDE - 1 }, (_, i) => `M${i + 1} 0V${SIDE}M0 ${i + 1}H${SIDE}`).join('');
  return svgElement('path', { class: 'grid-lines', d: inner });
}

/** An 8 x 8 picture. With a label it is an image to a screen reader, without one it is decoration. */
export function createPicture(label) {
  const svg = svgElement('svg', { viewBox: `0 0 ${SIDE} ${SIDE}`, class: 'picture' });
  if (label) {
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', label);
  } else {
    svg.setAttribute('aria-hidden', 'true');
  }
  return { svg, draw: addCells(svg) };
}
