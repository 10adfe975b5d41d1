const FRAME = '#ffd84d'; // seen on black, white, orange and blue
const TICK = 150; // ms a place while it plays
const SIDE = 320; // px of a picture, before it is scaled

const states = new WeakMap(); // per drawing: the data, the place that is looked at, the timer

const decoded = (data) => {
  const found = { ...data };
  for (const [name, { shape, text, whole }] of Object.entries(data.arrays)) {
    found[name] = { shape, values: whole ? new Int32Array(bytes(text).buffer) : floats(text) };
  }
  const largest = (array) => array.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  found.largest = found.input ? largest(found.input) : 1;
  found.signed = Boolean(found.input?.values.some((value) => value < 0));
  found.highestOutput = largest(found.output) || 1;
  return found;
};

const paint = (canvas, drawn, frames) => {
  const scale = SIDE / Math.max(drawn.height, drawn.width);
  canvas.width = drawn.width * scale;
  canvas.height = drawn.height * scale;
  const pencil = canvas.getContext('2d');
  pencil.imageSmoothingEnabled = false;
  pencil.drawImage(drawn, 0, 0, canvas.width, canvas.height);
  pencil.strokeStyle = FRAME;
  for (const [row, column, side] of frames) {
    pencil.lineWidth = Math.max(2, Math.min(4, scale * side / 6));
    const [left, top] = [column, row].map((place) => Math.max(1, place * scale));
    const [right, bottom] = [[column, canvas.width], [row, canvas.height]].map(
      ([place, most]) => Math.min(most - 1, (place + side) * scale));
    pencil.strokeRect(left, top, right - left, bottom - top);
  }
};

const pictures = (data) => {
  const [height, width] = data.output.shape;
  const to = picture(height, width, (place) => data.output.values[place] / data.highestOutput,
    data.output.values.some((value) => value < 0));
  if (!data.side || data.input.shape[0] === 1) return { to };
  const [rows, columns, channels] = data.input.shape;
  const strength = (channel) => (data.kernel?.values ?? [0]).reduce(
    (sum, weight, each) => sum + (each % channels === channel ? Math.abs(weight) : 0), 0);
  const strongest = [...Array(channels).keys()].reduce(
    (best, each) => (strength(each) > strength(best) ? each : best), 0);
  const from = picture(rows, columns,
    (place) => data.input.values[place * channels + strongest] / (data.largest || 1), data.signed);
  return { to, from, strongest };
};

export default function ({ parentElement, data: given }) {
  const find = (selector) => parentElement.querySelector(selector);
  const canvas = find('.to canvas'), button = find('button'), result = find('.result');
  const state = states.get(parentElement) ?? {};
  states.set(parentElement, state);
  const data = decoded(given), [height, width] = data.output.shape;
  const drawn = pictures(data);
  if (state.title !== given.title || !(state.row < height && state.column < width)) {
    const best = data.output.values.indexOf(Math.max(...data.output.values));
    Object.assign(state, { row: Math.floor(Math.max(0, best) / width), column: Math.max(0, best) % width });
  }
  state.title = given.title;

  find('.pictures').hidden = height * width === 1 && !drawn.from;
  find('.to').hidden = height * width === 1;
  find('.from').hidden = !drawn.from;
  find('.to figcaption').textContent = given.title;
  find('.from figcaption').textContent = data.arriving > 1 && data.channels
    ? `${given.unit} ${data.channels.values[drawn.strongest]}, the one with the strongest weights`
    : given.from;
  canvas.setAttribute('aria-label',
    `${given.title}, ${height}×${width} values. Arrow keys move from one to the next.`);
  find('.from canvas').setAttribute('aria-label', 'What arrives, and the window on it');

  const show = () => {
    const { row, column } = state;
    const { before, nodes } = STEPS[data.kind](data, row, column);
    const { after, text, note } = bent(data, before, row, column);
    const place = height * width > 1 ? `Row ${row}, column ${column}: ` : '';
    const sum = data.kind === 'passed' && text ? '' : `${written(before)}`;
    result.textContent = `${place}${[sum, text].filter(Boolean).join('; ')}`;
    result.dataset.value = after;
    result.dataset.given = at(data.output, row, column);
    find('.steps').replaceChildren(...nodes,
      line('', el('strong', {}, `= ${written(before)}`)),
      ...(text ? [line(data.activation, text)] : []),
      el('p', { class: 'quiet' }, `${note ? `${note} ` : ''}TensorFlow gives `
        + `${written(at(data.output, row, column))}.`));
    paint(canvas, drawn.to, height * width > 1 ? [[row, column, 1]] : []);
    if (drawn.from) {
      const reach = data.dilation * (data.side - 1) + 1;
      paint(find('.from canvas'), drawn.from,
        [[row * data.stride - data.in_front, column * data.stride - data.in_front, reach]]);
    }
  };
  const go = (row, column) => {
    state.row = Math.max(0, Math.min(height - 1, row));
    state.column = Math.max(0, Math.min(width - 1, column));
    show();
  };
  const next = () => {
    const place = (state.row * width + state.column + 1) % (height * width);
    go(Math.floor(place / width), place % width);
  };
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  const idle = still ? 'Next value' : '▶ Play';
  const stop = () => {
    clearInterval(state.timer);
    state.timer = undefined;
    button.textContent = idle;
    result.setAttribute('aria-live', 'polite');
  };
  stop();
  button.hidden = height * width === 1;
  show();

  button.onclick = () => {
    if (still) next();
    else if (state.timer) stop();
    else {
      state.timer = setInterval(next, TICK);
      button.textContent = '❚❚ Pause';
      result.setAttribute('aria-live', 'off'); // else it would be read aloud six times a second
    }
  };
  canvas.onpointermove = canvas.onpointerdown = (event) => {
    stop();
    const { left, top, width: wide, height: high } = canvas.getBoundingClientRect();
    go(Math.floor((event.clientY - top) / high * height), Math.floor((event.clientX - left) / wide * width));
  };
  canvas.onkeydown = (event) => {
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
    if (!step[event.key]) return;
    event.preventDefault();
    stop();
    go(state.row + step[event.key][0], state.column + step[event.key][1]);
  };
  return () => clearInterval(state.timer);
}
