const SIDE = 28; // pixels of the image
const MARK = '#ffd84d'; // seen on black, white, orange and blue

const states = new WeakMap(); // per drawing: the data, and the place that is looked at

// First pixel of the square that a place of the map stands for: the middle of what it sees.
const cornerOf = ({ start, step, one }, place) => start + place * step + (one - step) / 2;

const draw = (canvas, { data, overlay, row, column, opacity }) => {
  const pencil = canvas.getContext('2d'), scale = canvas.width / SIDE;
  const { sight, height, width } = data;
  pencil.imageSmoothingEnabled = false;
  pencil.globalAlpha = 1;
  pencil.fillRect(0, 0, canvas.width, canvas.height);
  const grey = bytes(data.picture);
  pencil.drawImage(picture(SIDE, SIDE, (place) => grey[place] / 255, false),
    0, 0, canvas.width, canvas.height);
  pencil.globalAlpha = opacity;
  const corner = cornerOf(sight, 0) * scale;
  pencil.drawImage(overlay, corner, corner, width * sight.step * scale, height * sight.step * scale);
  pencil.globalAlpha = 1;
  if (row === undefined) return;
  pencil.strokeStyle = MARK;
  pencil.lineWidth = 1.5;
  const cell = [column, row].map((place) => cornerOf(sight, place) * scale);
  pencil.strokeRect(...cell, sight.step * scale, sight.step * scale);
  const edge = (place) => Math.max(1, Math.min(canvas.width - 1, place * scale));
  const [left, top] = [column, row].map((place) => edge(sight.start + place * sight.step));
  const [right, bottom] = [column, row].map(
    (place) => edge(sight.start + place * sight.step + sight.one));
  pencil.lineWidth = 3;
  pencil.strokeRect(left, top, right - left, bottom - top);
};

const seen = ({ start, step, one }, place) => {
  const first = start + place * step, last = first + one - 1;
  const inside = [Math.max(0, first), Math.min(SIDE - 1, last)];
  return { text: inside[0] === inside[1] ? `${inside[0]}` : `${inside[0]} to ${inside[1]}`,
    none: inside[0] > inside[1], cut: first < 0 || last >= SIDE };
};

const readout = ({ data, row, column }) => {
  if (row === undefined) return data.hint;
  const value = floats(data.values)[row * data.width + column];
  const [rows, columns] = [seen(data.sight, row), seen(data.sight, column)];
  const where = `Row ${row}, column ${column}: ${written(value)}.`;
  if (rows.none || columns.none) return `${where} It sees padding only.`;
  const padding = rows.cut || columns.cut ? ', and padding beyond the border' : '';
  return `${where} It sees rows ${rows.text} and columns ${columns.text} of the image${padding}.`;
};

const kernelOf = ({ title, height, width, values, limit, note }) => {
  const nodes = [el('h4', {}, title)];
  if (values) {
    const canvas = picture(height, width, (place) => values[place] / limit, true);
    canvas.style.aspectRatio = `${width} / ${height}`;
    canvas.setAttribute('role', 'img');
    const rows = [...Array(height).keys()].map((row) => values
      .slice(row * width, (row + 1) * width).map((value) => written(value).padStart(9)).join(''));
    canvas.setAttribute('aria-label', title);
    nodes.push(canvas, el('p', { class: 'legend' }, el('span', {}, written(-limit)),
      scaleBar(true), el('span', {}, written(limit))),
    el('details', {}, el('summary', {}, 'As numbers'), el('pre', {}, rows.join('\n'))));
  }
  return [...nodes, el('p', { class: 'quiet' }, note)];
};

export default function ({ parentElement, data }) {
  const find = (selector) => parentElement.querySelector(selector);
  const canvas = find('canvas'), slider = find('input');
  const state = states.get(parentElement) ?? {};
  states.set(parentElement, state);
  const { height, width } = data;
  const values = floats(data.values);
  Object.assign(state, { data, opacity: slider.value / 100,
    overlay: picture(height, width, (place) => values[place] / data.limit, true) });
  if (state.row >= height || state.column >= width) state.row = state.column = undefined;
  find('h3').textContent = data.title;
  canvas.setAttribute('aria-label', data.label);
  find('.kernel').replaceChildren(...(data.kernel ? kernelOf(data.kernel) : []));

  const show = () => {
    draw(canvas, state);
    find('.readout').textContent = readout(state);
  };
  const go = (row, column) => {
    state.row = Math.max(0, Math.min(height - 1, row));
    state.column = Math.max(0, Math.min(width - 1, column));
    show();
  };
  show();
  slider.oninput = () => {
    state.opacity = slider.value / 100;
    draw(canvas, state);
  };
  canvas.onpointermove = canvas.onpointerdown = (event) => {
    const { left, top, width: side } = canvas.getBoundingClientRect();
    const place = (pixels) => Math.floor(
      (pixels / side * SIDE - cornerOf(data.sight, 0)) / data.sight.step);
    go(place(event.clientY - top), place(event.clientX - left));
  };
  canvas.onkeydown = (event) => {
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
    if (!step[event.key]) return;
    event.preventDefault();
    const [down, right] = step[event.key];
    if (state.row === undefined) go(height >> 1, width >> 1);
    else go(state.row + down, state.column + right);
  };
}
