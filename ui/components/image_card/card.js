const el = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
};

const way = (go, sign, label, image) => el('button', {
  type: 'button', 'data-go': go, 'aria-label': label, title: label,
  'data-image': image, disabled: image === null ? '' : null,
}, sign);

const bar = ({ name, text, share, kind }) => {
  const fill = el('span', { class: 'fill' });
  fill.style.width = `${100 * share}%`;
  return [el('span', {}, name), el('span', { class: 'track', 'data-kind': kind }, fill),
    el('span', { class: 'number' }, text)];
};

const run = ({ name, taken, text, kind }) => el('tr', {},
  el('th', { scope: 'row' }, name),
  el('td', { 'data-kind': kind }, el('b', { 'aria-hidden': 'true' }, kind === 'right' ? '✓ ' : '✗ '),
    `${taken} (${kind})`),
  el('td', { class: 'number' }, text));

const runs = ({ heading, columns, rows, note }) => [
  el('h4', {}, heading),
  ...(rows.length ? [el('table', {},
    el('thead', {}, el('tr', {}, ...columns.map((name, place) => el('th',
      { scope: 'col', class: place === columns.length - 1 ? 'number' : null }, name)))),
    el('tbody', {}, ...rows.map(run)))] : []),
  el('p', { class: 'quiet' }, note),
];

const build = ({ title, place, previous, next, picture, alt, verdict, bars, facts, others }) => [
  el('div', { class: 'head' }, el('h3', {}, title), el('span', { class: 'quiet' }, place),
    way('previous', '←', 'Previous image', previous), way('next', '→', 'Next image', next)),
  el('div', { class: 'body' }, el('img', { src: picture, alt }),
    el('div', { class: 'text' },
      ...verdict.map(({ text, kind }) => el('p', { class: 'verdict', 'data-kind': kind }, text)),
      el('div', { class: 'bars' }, ...bars.flatMap(bar)),
      el('p', { class: 'quiet' }, facts))),
  ...runs(others),
];

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector('.card');
  const drawing = JSON.stringify(data);
  if (root.drawing !== drawing) {
    const before = root.querySelector('button:focus')?.dataset.go;
    root.replaceChildren(...build(data));
    root.setAttribute('aria-label', data.title);
    if (before) root.querySelector(`[data-go=${before}]:enabled, [data-go]:enabled`)?.focus();
    const { top } = root.getBoundingClientRect();
    // On a phone the gallery lies below: without this nobody would see that the image changed.
    if (root.drawing && (top < 0 || top > window.innerHeight)) root.scrollIntoView({ block: 'start' });
    root.drawing = drawing;
  }
  const open = (node) => setStateValue('opened', { image: +node.dataset.image, at: Date.now() });
  root.onclick = ({ target }) => {
    const node = target.closest('button');
    if (node) open(node);
  };
  root.onkeydown = ({ key }) => {
    const go = { ArrowLeft: 'previous', ArrowRight: 'next' }[key];
    const node = go && root.querySelector(`[data-go=${go}]:enabled`);
    if (node) open(node);
  };
}
