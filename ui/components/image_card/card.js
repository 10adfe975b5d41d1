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

const table = ({ heading, columns, rows, note }) => [
  el('h4', {}, heading),
  ...(rows.length ? [el('table', {},
    el('thead', {}, el('tr', {}, ...columns.map((name, place) => el('th',
      { scope: 'col', class: place === columns.length - 1 ? 'number' : null }, name)))),
    el('tbody', {}, ...rows.map(run)))] : []),
  el('p', { class: 'quiet' }, note),
];
const runs = (others) => (others ? table(others) : []);

const chip = (word, place) => el('button', {
  type: 'button', 'data-word': word, 'aria-keyshortcuts': place + 1,
}, el('kbd', {}, `${place + 1}`), ` ${word}`);

const build = ({ title, place, previous, next, picture, alt, verdict, bars, facts, nearest, others }, chips) => [
  el('div', { class: 'head' }, el('h3', {}, title), el('span', { class: 'quiet' }, place),
    way('previous', '←', 'Previous image', previous), way('next', '→', 'Next image', next)),
  el('div', { class: 'body' }, ...(picture ? [el('img', { src: picture, alt })] : []),
    el('div', { class: 'text' },
      ...verdict.map(({ text, kind }) => el('p', { class: 'verdict', 'data-kind': kind }, text)),
      el('div', { class: 'bars' }, ...bars.flatMap(bar)),
      el('p', { class: 'quiet' }, facts))),
  chips,
  ...neighbours(nearest),
  ...runs(others),
];

const focusable = ({ go, word }) => (go ? [`[data-go=${go}]:enabled`, '[data-go]:enabled']
  : [`[data-word="${CSS.escape(word)}"]`]);

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector('.card');
  const { tags, ...drawn } = data;
  const drawing = JSON.stringify([drawn, tags.words]);
  const { words, has, toggle, wordOf } = tagging(root, tags, setStateValue);
  if (root.drawing !== drawing) {
    const before = root.querySelector('button:focus')?.dataset;
    const onCard = root.matches(':focus');
    const chips = el('div', { class: 'tags', role: 'group', 'aria-label': 'Tags of this image' },
      ...words.map(chip));
    root.replaceChildren(...build(data, chips));
    root.setAttribute('aria-label', data.title);
    root.tabIndex = -1; // a click on the picture lets the keys work
    if (onCard) root.focus({ preventScroll: true });
    if (before) focusable(before).map((each) => root.querySelector(each)).find(Boolean)?.focus();
    const { top } = root.getBoundingClientRect();
    // On a phone the gallery lies below: without this nobody would see that the image changed.
    if (root.drawing && (top < 0 || top > window.innerHeight)) root.scrollIntoView({ block: 'start' });
    root.drawing = drawing;
  }
  const mark = () => root.querySelectorAll('[data-word]').forEach((node) => {
    node.setAttribute('aria-pressed', has(data.image, node.dataset.word));
  });
  mark();
  const open = (node) => setStateValue('opened', { image: +node.dataset.image, at: Date.now() });
  const tag = (word) => {
    toggle(data.image, word);
    mark();
  };
  root.onclick = ({ target }) => {
    const node = target.closest('button');
    if (node?.dataset.word) tag(node.dataset.word);
    else if (node) open(node);
  };
  root.onkeydown = (event) => {
    const word = wordOf(event);
    if (word) tag(word);
    const go = { ArrowLeft: 'previous', ArrowRight: 'next' }[event.key];
    const node = go && root.querySelector(`[data-go=${go}]:enabled`);
    if (node) open(node);
  };
}
