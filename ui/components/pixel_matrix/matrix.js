const SIDE = 28;
const CELL = 40; // px of the canvas; it is shown at about half
const MARK = '#ffd84d';

const states = new WeakMap(); // per drawing: the pixels, and the one that is looked at

const draw = (canvas, { pixels, row, column }) => {
  canvas.width = canvas.height = SIDE * CELL;
  const pencil = canvas.getContext('2d');
  Object.assign(pencil, { textAlign: 'center', textBaseline: 'middle' });
  pencil.font = `${CELL * 0.46}px ${getComputedStyle(canvas).fontFamily}`;
  pixels.forEach((value, place) => {
    const [x, y] = [(place % SIDE) * CELL, Math.floor(place / SIDE) * CELL];
    pencil.fillStyle = `rgb(${value} ${value} ${value})`;
    pencil.fillRect(x, y, CELL, CELL);
    // Zeros are faint, so that the garment is seen; every other number has a contrast of 4.5:1.
    pencil.fillStyle = value === 0 ? '#5a6472' : value > 117 ? '#000' : '#fff';
    pencil.fillText(value, x + CELL / 2, y + CELL / 2 + 1);
  });
  if (row === undefined) return;
  Object.assign(pencil, { strokeStyle: MARK, lineWidth: 5 });
  pencil.strokeRect(column * CELL, row * CELL, CELL, CELL);
};

const readout = ({ pixels, row, column }) => {
  if (row === undefined) return 'Point at a pixel, or use the arrow keys.';
  const value = pixels[row * SIDE + column];
  return `Row ${row}, column ${column}: ${value} of 255. A network reads ${(value / 255).toFixed(3)}.`;
};

export default function ({ parentElement, data }) {
  const [sheet, canvas] = ['.sheet', 'canvas'].map((name) => parentElement.querySelector(name));
  const state = states.get(parentElement) ?? {};
  states.set(parentElement, Object.assign(state, { pixels: [...bytes(data.pixels)] }));
  sheet.setAttribute('aria-label', `${data.label}, 28 rows of 28 numbers. Arrow keys move.`);
  const show = () => {
    draw(canvas, state);
    parentElement.querySelector('.readout').textContent = readout(state);
  };
  const go = (row, column) => {
    const within = (place) => Math.max(0, Math.min(SIDE - 1, place));
    if (state.row === within(row) && state.column === within(column)) return;
    Object.assign(state, { row: within(row), column: within(column) });
    show();
  };
  show();
  canvas.onpointermove = canvas.onpointerdown = (event) => {
    const { left, top, width } = canvas.getBoundingClientRect();
    const place = (pixels) => Math.floor((pixels / width) * SIDE);
    go(place(event.clientY - top), place(event.clientX - left));
  };
  sheet.onkeydown = (event) => {
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
    if (!step[event.key]) return;
    event.preventDefault();
    const [down, right] = step[event.key];
    if (state.row === undefined) go(SIDE / 2, SIDE / 2);
    else go(state.row + down, state.column + right);
  };
}
