const tile = ({ place, words, taken, kind, label }, { sprite, columns, rows }) => {
  const picture = el('span', { class: 'picture', role: 'img', 'aria-label': label, title: label });
  const [x, y] = [place % columns, Math.floor(place / columns)];
  picture.style.backgroundImage = `url(${sprite})`;
  picture.style.backgroundSize = `${100 * columns}% ${100 * rows}%`;
  picture.style.backgroundPosition = `${(100 * x) / (columns - 1)}% ${(100 * y) / (rows - 1)}%`;
  return el('li', { 'data-kind': kind }, picture,
    el('span', { class: 'words', 'aria-hidden': 'true' }, words),
    ...taken.map((line) => el('span', { class: 'taken', 'aria-hidden': 'true' }, line)));
};

// The picture as it is stands in the middle of every strip.
const strip = ({ label, tiles }, data) => {
  const list = el('ul', { 'aria-label': label }, ...tiles.map((each) => tile(each, data)));
  list.firstChild.style.gridColumnStart = 5 - tiles.findIndex(({ kind }) => kind === 'own');
  return list;
};

const group = ({ name, share, strips }, data) => [
  el('h4', {}, name, el('span', {}, share)),
  ...strips.map((each) => strip(each, data)),
];

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector('.variants');
  const drawing = JSON.stringify(data);
  if (root.drawing === drawing) return;
  root.replaceChildren(...data.groups.flatMap((each) => group(each, data)));
  root.drawing = drawing;
}
