const SIDE = 280; // pixels of the canvas: ten for one of what the network sees
const PAPER = '#ffffff';
const MAX_UNDO = 30;
const ALIKE = 60; // levels: what differs by less from where a fill starts is filled too
const NUDGE = 7; // pixels an arrow key moves the pen
const KEPT = 'fmnist-drawing'; // in the tab, so that a reload does not lose it

const states = new WeakMap(); // per pad: kept over reruns

const tools = [['brush', 'Brush'], ['fill', 'Fill'], ['eraser', 'Eraser']];
const shades = [['#141414', 'Black'], ['#555555', 'Dark grey'], ['#8c8c8c', 'Grey'], ['#c4c4c4', 'Light grey']];

const build = (root, label) => {
  const bar = (name, ...children) => el('div', { class: 'bar', role: 'group', 'aria-label': name }, ...children);
  root.replaceChildren(
    el('div', { class: 'sheet' },
      el('canvas', { width: SIDE, height: SIDE, tabindex: 0, role: 'img', 'aria-label': label }),
      el('span', { class: 'pen', hidden: true })),
    bar('Tool', ...tools.map(([tool, text]) => el('button', { type: 'button', 'data-tool': tool }, text))),
    bar('Shade', ...shades.map(([shade, text]) => el('button', {
      type: 'button', class: 'shade', 'data-shade': shade, title: text, 'aria-label': text,
      style: `--shade: ${shade}`,
    })), el('label', {}, 'Width ', el('input', { type: 'range', min: 4, max: 48, step: 2, value: 18 }))),
    bar('Drawing', el('button', { type: 'button', 'data-act': 'mirror', title: 'What is drawn on one side appears on the other' }, 'Mirror'),
      el('button', { type: 'button', 'data-act': 'undo', 'aria-keyshortcuts': 'Control+Z' }, 'Undo'),
      el('button', { type: 'button', 'data-act': 'clear' }, 'Clear')));
};

const wipe = (pencil) => {
  pencil.fillStyle = PAPER;
  pencil.fillRect(0, 0, SIDE, SIDE);
};

const levels = (shade) => [1, 3, 5].map((at) => parseInt(shade.slice(at, at + 2), 16));

// Fill what hangs together with a place and is of its shade, and one pixel more, where outlines are soft.
const fill = (pencil, x, y, shade) => {
  const image = pencil.getImageData(0, 0, SIDE, SIDE), { data } = image;
  const start = SIDE * y + x, from = data[4 * start], [red, green, blue] = levels(shade);
  if (from === red) return; // filled already: a second click must not let it grow
  const inside = new Uint8Array(SIDE * SIDE), waiting = [start];
  inside[start] = 1;
  const beside = (place) => [
    place % SIDE ? place - 1 : -1, (place + 1) % SIDE ? place + 1 : -1, place - SIDE, place + SIDE,
  ].filter((other) => other >= 0 && other < SIDE * SIDE);
  while (waiting.length) {
    for (const other of beside(waiting.pop())) {
      if (!inside[other] && Math.abs(data[4 * other] - from) < ALIKE) {
        inside[other] = 1;
        waiting.push(other);
      }
    }
  }
  const paint = (place) => data.set([red, green, blue, 255], 4 * place);
  inside.forEach((is, place) => {
    if (is) {
      paint(place);
      beside(place).filter((other) => !inside[other]).forEach(paint);
    }
  });
  pencil.putImageData(image, 0, 0);
};

// A browser that keeps nothing for pages throws; then a reload begins with an empty sheet.
const kept = () => {
  try { return sessionStorage.getItem(KEPT); } catch { return null; }
};
const keep = (png) => {
  try { sessionStorage.setItem(KEPT, png ?? ''); } catch { /* see above */ }
};

const isBlank = (pencil) => pencil.getImageData(0, 0, SIDE, SIDE).data.every((level) => level === 255);

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector('.pad');
  let state = states.get(root);
  const fresh = !state;
  if (fresh) {
    state = { undo: [], tool: 'brush', shade: shades[0][0], mirror: false, at: [SIDE / 2, SIDE / 2] };
    states.set(root, state);
    build(root, data.label);
  }
  const find = (selector) => root.querySelector(selector);
  const canvas = find('canvas'), pen = find('.pen'), width = find('input');
  const pencil = canvas.getContext('2d', { willReadFrequently: true });

  const show = (png) => {
    wipe(pencil);
    if (!png) return;
    const image = new Image();
    image.onload = () => pencil.drawImage(image, 0, 0, SIDE, SIDE);
    image.src = png;
  };
  const send = (png) => {
    keep(png);
    setStateValue('png', png);
  };
  if (fresh) { // from then on the browser knows best
    show(data.png || kept());
    if (!data.png && kept()) send(kept());
  }

  const commit = () => send(isBlank(pencil) ? null : canvas.toDataURL('image/png'));
  const remember = () => {
    state.undo.push(pencil.getImageData(0, 0, SIDE, SIDE));
    if (state.undo.length > MAX_UNDO) state.undo.shift();
  };
  const mirrored = ([x, y]) => [SIDE - x, y];
  const line = (from, to) => {
    Object.assign(pencil, { strokeStyle: state.tool === 'eraser' ? PAPER : state.shade, lineWidth: +width.value, lineCap: 'round', lineJoin: 'round' });
    for (const [a, b] of [[from, to], ...(state.mirror ? [[mirrored(from), mirrored(to)]] : [])]) {
      pencil.beginPath();
      pencil.moveTo(...a);
      pencil.lineTo(b[0] + 0.01, b[1]); // a dot has a length too
      pencil.stroke();
    }
  };
  const flood = (place) => {
    for (const [x, y] of state.mirror ? [place, mirrored(place)] : [place]) {
      const inside = (value) => Math.min(SIDE - 1, Math.max(0, Math.floor(value)));
      fill(pencil, inside(x), inside(y), state.shade);
    }
  };
  const begin = (place) => {
    remember();
    state.at = place;
    if (state.tool === 'fill') flood(place);
    else line(place, place);
  };
  const go = (place) => {
    if (state.tool !== 'fill') line(state.at, place);
    state.at = place;
  };

  const place = ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect();
    return [((clientX - box.left) * SIDE) / box.width, ((clientY - box.top) * SIDE) / box.height];
  };
  canvas.onpointerdown = (event) => {
    if (event.button !== 0 || state.pointer !== undefined) return; // a second finger, another button
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    pen.hidden = true;
    canvas.setPointerCapture(event.pointerId);
    state.pointer = event.pointerId;
    begin(place(event));
  };
  canvas.onpointermove = (event) => {
    if (state.pointer !== event.pointerId) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) go(place(each));
  };
  canvas.onpointerup = canvas.onpointercancel = (event) => {
    if (state.pointer !== event.pointerId) return;
    state.pointer = undefined;
    commit(); // one message a stroke
  };

  const undo = () => {
    if (state.pointer !== undefined) return; // in the middle of a stroke
    lift();
    const before = state.undo.pop();
    if (!before) return;
    pencil.putImageData(before, 0, 0);
    commit();
  };
  const clear = () => {
    if (isBlank(pencil)) return;
    remember();
    wipe(pencil);
    commit();
  };
  const drawPen = () => {
    pen.hidden = false;
    pen.dataset.down = Boolean(state.down);
    pen.style.left = `${(100 * state.at[0]) / SIDE}%`;
    pen.style.top = `${(100 * state.at[1]) / SIDE}%`;
  };
  const lift = () => {
    if (!state.down) return;
    state.down = false;
    commit();
  };
  canvas.onkeydown = (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && key === 'z') undo();
    else if (event.key === ' ') {
      if (state.down) lift();
      else {
        begin(state.at);
        if (state.tool === 'fill') commit();
        else state.down = true;
      }
      drawPen();
    } else if (step) {
      const next = state.at.map((value, axis) => Math.min(SIDE, Math.max(0, value + NUDGE * step[axis])));
      if (state.down) go(next);
      else state.at = next;
      drawPen();
    } else return;
    event.preventDefault();
  };
  canvas.onblur = () => {
    lift();
    pen.hidden = true;
  };

  const press = () => {
    for (const node of root.querySelectorAll('[data-tool]')) node.setAttribute('aria-pressed', node.dataset.tool === state.tool);
    for (const node of root.querySelectorAll('[data-shade]')) node.setAttribute('aria-pressed', node.dataset.shade === state.shade);
    find('[data-act=mirror]').setAttribute('aria-pressed', state.mirror);
  };
  root.onclick = ({ target }) => {
    const { tool, shade, act } = target.closest('button')?.dataset ?? {};
    if (tool) state.tool = tool;
    if (shade) {
      state.shade = shade;
      if (state.tool === 'eraser') state.tool = 'brush';
    }
    if (act === 'mirror') state.mirror = !state.mirror;
    if (act === 'undo') undo();
    if (act === 'clear') clear();
    press();
  };
  press();
}
