const STEP = 700; // ms an epoch while it plays
const MIDDLE = 127; // the code of 0

const section = (title, className, ...children) =>
  el('section', { class: className, 'aria-label': title }, el('h3', {}, title), ...children);

const build = (root, data) => {
  const slider = el('input', {
    type: 'range', min: 0, max: data.stops.length - 1, step: 1, 'aria-label': 'Epoch',
  });
  const play = el('button', { type: 'button', class: 'play' }, 'Play');
  play.disabled = slider.disabled = data.stops.length < 2;
  root.replaceChildren(
    el('div', { class: 'controls' }, play, slider), el('p', { class: 'now', 'aria-live': 'polite' }));
  const panels = el('div', { class: 'panels' });
  if (data.proba) panels.append(section('Probabilities of the image', 'proba', el('ol')));
  if (data.filters) {
    const { low, high, note } = data.filters;
    panels.append(section('Filters of the first convolution', 'filters',
      el('p', { class: 'legend' }, el('span', {}, low), scaleBar(true), el('span', {}, high),
        el('span', { class: 'quiet' }, note)),
      el('div', { class: 'kernels' })));
  }
  panels.append(section('Confusion matrix, validation', 'matrix', el('table')));
  root.append(panels);
};

const drawProba = (list, proba, { classes, label }) => {
  if (!proba) {
    list.replaceChildren(el('li', { class: 'quiet' }, 'Not recorded for this epoch.'));
    return;
  }
  const top = proba.indexOf(Math.max(...proba));
  list.replaceChildren(...proba.map((share, place) => {
    const mark = place === label ? 'true' : place === top ? 'wrong' : '';
    const name = classes[place] + (place === label ? ' (true)' : '');
    const bar = el('span', { class: 'share' });
    bar.style.inlineSize = `${100 * share}%`;
    return el('li', { 'data-mark': mark },
      el('span', { class: 'name' }, name), el('span', { class: 'track' }, bar),
      el('span', { class: 'value' }, `${(100 * share).toFixed(1)} %`));
  }));
};

const drawFilters = (grid, place, { number, height, width, codes: text }) => {
  const size = height * width, codes = (grid.codes ??= bytes(text));
  grid.replaceChildren(...Array.from({ length: number }, (_, filter) => {
    const from = (place * number + filter) * size;
    const canvas = picture(height, width, (at) => (codes[from + at] - MIDDLE) / MIDDLE, true);
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', `Filter ${filter}`);
    canvas.title = `Filter ${filter}`;
    return canvas;
  }));
};

const drawMatrix = (table, counts, { classes }) => {
  const rows = classes.map((name, actual) => {
    const row = counts.slice(10 * actual, 10 * actual + 10);
    const sum = row.reduce((before, each) => before + each, 0) || 1;
    return el('tr', {}, el('th', { scope: 'row' }, name), ...row.map((number, taken) => {
      const cell = el('td', {
        title: `true ${name}, predicted ${classes[taken]}: ${number}`,
        'data-right': actual === taken,
      }, number ? String(number) : '');
      cell.style.setProperty('--share', `${Math.round(100 * (number / sum) ** 0.5)}%`);
      return cell;
    }));
  });
  const short = (name) => el('th', { scope: 'col', title: name }, el('span', {}, name));
  table.replaceChildren(
    el('caption', {}, 'A row a true class, a column a predicted one, in the same order.'),
    el('colgroup', {}, el('col', { class: 'names' }), ...classes.map(() => el('col'))),
    el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'True'), ...classes.map(short))),
    el('tbody', {}, ...rows));
};

const show = (root, place) => {
  const { data } = root;
  root.place = place;
  root.querySelector('input').value = place;
  root.querySelector('input').setAttribute('aria-valuetext', data.stops[place].text);
  root.querySelector('.now').textContent = data.stops[place].text;
  const find = (selector) => root.querySelector(selector);
  if (data.proba) drawProba(find('.proba ol'), data.proba[place], data);
  if (data.filters) drawFilters(find('.kernels'), place, data.filters);
  drawMatrix(find('.matrix table'), data.confusion[place], data);
};

const stop = (root) => {
  clearInterval(root.timer);
  root.timer = undefined;
  const button = root.querySelector('.play');
  if (button) button.textContent = 'Play';
};

const start = (root) => {
  const last = root.data.stops.length - 1;
  show(root, root.place === last ? 0 : root.place);
  root.querySelector('.play').textContent = 'Pause';
  root.timer = setInterval(() => {
    show(root, root.place + 1);
    if (root.place === last) stop(root);
  }, STEP);
};

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector('.machine');
  const drawing = JSON.stringify(data);
  if (root.drawing !== drawing) {
    const epoch = root.data?.stops[root.place].epoch; // another image: the slider stays
    const known = data.stops.findIndex((each) => each.epoch === epoch);
    const atEnd = !root.data || root.place === root.data.stops.length - 1;
    stop(root);
    Object.assign(root, { drawing, data });
    build(root, data);
    show(root, known < 0 || atEnd ? data.stops.length - 1 : known);
  }
  root.querySelector('.play').onclick = () => (root.timer ? stop(root) : start(root));
  root.querySelector('input').oninput = ({ target }) => {
    stop(root);
    show(root, +target.value);
  };
  return () => stop(root);
}
