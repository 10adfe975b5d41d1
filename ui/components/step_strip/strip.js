const tile = ({ name, words, picture, alt, taken, confidence, share, kind }) => el('li', { 'data-kind': kind },
  el('b', {}, name),
  el('span', { class: 'frame' }, el('img', { src: picture, alt })),
  el('span', { class: 'taken' }, taken, el('span', { class: 'number' }, confidence)),
  el('span', { class: 'track' }, el('span', { class: 'fill', style: `width: ${100 * share}%` })),
  el('span', { class: 'words' }, words));

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector('.strip');
  root.setAttribute('aria-label', data.name);
  root.replaceChildren(...data.tiles.map(tile));
}
