const RING = 14; // pixels: what a click or Enter chooses
const STEP = 12; // pixels an arrow key moves the ring
const TURNS = 12; // in which the groups are drawn, where none is above the others
const NEAR = 84; // pixels of the picture beside the pointer
const DRAG = 6; // pixels from which on a press is no click
const BY_FINGER = ' With a finger, begin to draw sideways: up and down moves the page.';

const states = new WeakMap(); // per map: what is drawn and hidden, and where one looks

const legendOf = ({ groups }, hidden) => groups.map(({ name, colors, square, count }, number) => {
  const swatch = el('span', { class: 'swatch', 'data-square': square });
  swatch.style.backgroundColor = `light-dark(${colors[0]}, ${colors[1]})`;
  return el('button', {
    type: 'button', title: `Show or hide ${name}`,
    'data-group': number, 'aria-pressed': `${!hidden.has(name)}`,
  }, swatch, el('span', {}, name), el('span', { class: 'count' }, count));
});

const named = ({ classes }, { index, truth, taken }, at) => {
  const start = `Image ${index[at].toLocaleString('en')}: ${classes[truth[at]]}`;
  if (!taken) return start;
  return taken[at] === truth[at] ? `${start}, predicted rightly`
    : `${start}, taken for ${classes[taken[at]]}`;
};

const commonest = ({ classes }, { truth }, found) => {
  const counts = classes.map((_, label) => found.filter((at) => truth[at] === label).length);
  const most = counts.indexOf(Math.max(...counts));
  return `${classes[most]}, ${counts[most]} of them`;
};

export default function ({ parentElement, data, setStateValue }) {
  const find = (selector) => parentElement.querySelector(selector);
  const root = find('.map'), over = find('.over');
  const state = states.get(parentElement) ?? { hidden: new Set(), line: [], ring: null, box: null };
  states.set(parentElement, state);
  if (state.data?.points !== data.points) state.box = null; // another map: all of it is shown
  state.of = unpack(data);
  state.data = data;
  const { of } = state;
  const placeOf = new Map(Array.from(of.index, (image, at) => [image, at]));
  const shown = (at) => !state.hidden.has(data.groups[of.group[at]].name);
  state.chosen = new Set(data.picked.map((image) => placeOf.get(image)).filter((at) => at >= 0));
  over.setAttribute('aria-label', data.alt);

  const drawTop = () => {
    const at = placeOf.get(data.current), style = getComputedStyle(root);
    drawOver(over, { ring: state.ring, line: state.line,
      current: at >= 0 && shown(at) ? of.places.subarray(2 * at, 2 * at + 2) : null,
      ink: style.color, paper: style.backgroundColor });
  };
  const draw = () => {
    const { clientWidth: width, clientHeight: height } = over;
    if (!width) return;
    const whole = boundsOf(of, () => true), box = state.box ?? whole;
    of.places = project(of, box, width, height);
    const swatches = [...root.querySelectorAll('.swatch')];
    const groups = data.groups.map((group, number) => (
      { ...group, color: getComputedStyle(swatches[number]).backgroundColor }));
    const zoom = (whole.right - whole.left) / (box.right - box.left || 1);
    const size = Math.min(1.8, Math.sqrt(zoom)) * (width < 500 ? 0.8 : 1);
    state.drawn = { groups, size, width, height };
    drawPoints(find('.points'), of, groups, { shown, size,
      chosen: state.chosen, turns: data.ranked ? 1 : TURNS });
    find('[data-act=zoom]').disabled = find('[data-act=clear]').disabled = !state.chosen.size;
    find('[data-act=whole]').disabled = !state.box;
    drawTop();
  };
  state.draw = draw;

  const all = (test) => [...Array(of.length).keys()].filter((at) => shown(at)
    && test(of.places[2 * at], of.places[2 * at + 1]));
  const around = (x, y, radius) => all((px, py) => Math.hypot(px - x, py - y) <= radius);
  const choose = (found) => {
    state.chosen = new Set(found);
    draw();
    setStateValue('picked', { images: found.map((at) => of.index[at]), at: Date.now() });
  };
  const picture = find('.near');
  const show = (image, x, y) => {
    picture.hidden = image === undefined;
    if (picture.hidden) return;
    const url = `/picture/${image}`;
    if (picture.getAttribute('src') !== url) picture.src = url;
    // Beside the pointer, on the side where there is room.
    const beside = (place, room) => (place + RING + NEAR > room ? place - RING - NEAR : place + RING);
    picture.style.left = `${beside(x, over.clientWidth)}px`;
    picture.style.top = `${beside(y, over.clientHeight)}px`;
  };
  // Name the image next to a place, with its picture; without a place, none.
  const look = (x, y) => {
    const near = x === undefined ? [] : around(x, y, RING);
    const away = (each) => Math.hypot(of.places[2 * each] - x, of.places[2 * each + 1] - y);
    const closest = near.reduce((best, each) => (away(each) < away(best) ? each : best), near[0]);
    say(near.length ? named(data, of, closest) : '');
    show(of.index[closest], x, y);
  };
  const hint = data.hint + (window.matchMedia('(pointer: coarse)').matches ? BY_FINGER : '');
  const say = (text) => { find('.readout').textContent = text || hint; };
  const sayRing = () => {
    const found = around(state.ring.x, state.ring.y, RING);
    say(found.length ? `In the ring: ${found.length}, most often ${commonest(data, of, found)}`
      : 'In the ring: no image');
  };

  find('.legend').replaceChildren(...legendOf(data, state.hidden));
  find('.legend').onclick = ({ target }) => {
    const button = target.closest('button');
    if (!button) return;
    const { name } = data.groups[button.dataset.group];
    if (!state.hidden.delete(name)) state.hidden.add(name);
    button.setAttribute('aria-pressed', !state.hidden.has(name));
    draw();
  };
  find('[data-act=clear]').onclick = () => { look(); choose([]); };
  find('[data-act=whole]').onclick = () => {
    state.box = null;
    look();
    draw();
  };
  const save = (href, ending) => el('a', { href, download: `map.${ending}` }).click();
  find('[data-act=png]').onclick = () => {
    const points = find('.points'), sheet = document.createElement('canvas');
    Object.assign(sheet, { width: points.width, height: points.height });
    const pencil = sheet.getContext('2d');
    pencil.fillStyle = getComputedStyle(root).backgroundColor;
    pencil.fillRect(0, 0, sheet.width, sheet.height);
    pencil.drawImage(points, 0, 0);
    save(sheet.toDataURL('image/png'), 'png');
  };
  find('[data-act=svg]').onclick = () => {
    const paper = getComputedStyle(root).backgroundColor;
    const text = svgOf(of, state.drawn.groups, { shown, ...state.drawn, paper });
    const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
    save(url, 'svg');
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };
  find('[data-act=zoom]').onclick = () => {
    state.box = boundsOf(of, (at) => state.chosen.has(at));
    look();
    draw();
  };

  const at = (event) => {
    const { left, top } = over.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  over.onpointerdown = (event) => {
    if (event.button || !event.isPrimary) return; // two fingers enlarge the page
    over.setPointerCapture(event.pointerId);
    state.line = [at(event)];
    state.pressed = true;
    state.ring = null;
    show();
  };
  over.onpointermove = (event) => {
    const [x, y] = at(event);
    if (!state.pressed) {
      look(x, y);
    } else if (event.isPrimary) {
      state.line.push([x, y]);
      drawTop();
    }
  };
  over.onpointerup = (event) => {
    if (!state.pressed || !event.isPrimary) return;
    const { line } = state, [x, y] = line[0];
    Object.assign(state, { pressed: false, line: [] });
    const drawn = line.some((each) => Math.hypot(each[0] - x, each[1] - y) > DRAG);
    choose(drawn ? all((px, py) => within(line, px, py)) : around(x, y, RING));
    if (!drawn && event.pointerType === 'touch') look(x, y); // a finger does not hover
  };
  over.onpointercancel = () => {
    Object.assign(state, { pressed: false, line: [] });
    drawTop();
  };
  over.onpointerleave = (event) => {
    if (event.pointerType !== 'touch') look(); // a lifted finger leaves, what it tapped stays
  };
  over.onkeydown = (event) => {
    const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const { clientWidth: width, clientHeight: height } = over;
    if (step) {
      const { x, y } = state.ring ?? { x: width / 2, y: height / 2 };
      state.ring = { radius: RING, x: Math.max(0, Math.min(width, x + STEP * step[0])),
        y: Math.max(0, Math.min(height, y + STEP * step[1])) };
      drawTop();
      sayRing();
    } else if (event.key === 'Enter' && state.ring) {
      choose(around(state.ring.x, state.ring.y, RING));
    } else if (event.key === 'Escape') choose([]);
    else return;
    event.preventDefault();
  };
  over.onblur = () => {
    state.ring = null;
    say('');
    drawTop();
  };

  root.ontransitionend = ({ target }) => { if (target === root) state.draw(); };
  state.watcher ??= new ResizeObserver(() => state.draw());
  state.watcher.observe(over);
  if (!find('.readout').textContent) say('');
  draw();
  return () => state.watcher.disconnect();
}
