// The training images nearest to one, as a heading, a grid of pictures and notes.
const neighbour = ({ name, sign, text, kind, mark, label }, place, { sprite, columns, tiles }) => {
  const picture = el('span', { class: 'picture', role: 'img', 'aria-label': label, title: label });
  const rows = Math.ceil(tiles.length / columns);
  const [x, y] = [place % columns, Math.floor(place / columns)];
  picture.style.backgroundImage = `url(${sprite})`;
  picture.style.backgroundSize = `${100 * columns}% ${100 * rows}%`;
  picture.style.backgroundPosition =
    `${(100 * x) / (columns - 1)}% ${rows > 1 ? (100 * y) / (rows - 1) : 0}%`;
  return el('li', { 'data-kind': kind }, picture, el('span', { 'aria-hidden': 'true' },
    el('b', {}, `${sign} ${name}`), el('span', { class: 'number' }, text),
    ...(mark ? [el('span', { class: 'quiet' }, mark)] : [])));
};

const neighbours = (nearest) => (nearest ? [
  el('h4', {}, nearest.heading),
  el('p', {}, nearest.notes[0]),
  ...(nearest.tiles.length ? [el('ul', { class: 'nearest' },
    ...nearest.tiles.map((tile, place) => neighbour(tile, place, nearest)))] : []),
  el('p', { class: 'quiet' }, nearest.notes.slice(1).join(' ')),
] : []);
