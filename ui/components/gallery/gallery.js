const tile = ({ image, truth, taken, confidence, share, right, label }, place, columns) => {
  const [column, row] = [place % columns, Math.floor(place / columns)];
  const at = `calc(${-column} * var(--px)) calc(${-row} * var(--px))`;
  const node = el('button', { type: 'button', tabindex: -1, 'data-image': image, 'data-right': right },
    el('span', { class: 'image', style: `background-position: ${at}` }, el('span', { class: 'marks' })),
    el('span', { class: 'line true' }, truth),
    el('span', { class: 'line' }, taken),
    ...(confidence === undefined ? [] : [ // nothing was predicted
      el('span', { class: 'bar' }, el('span', { class: 'fill', style: `width: ${100 * share}%` })),
      el('span', { class: 'line' }, confidence)]));
  node.label = label;
  return node;
};

const inPairs = (nodes) => nodes.flatMap((node, place) => (
  place % 2 ? [] : [el('div', { class: 'pair' }, ...nodes.slice(place, place + 2))]));

const build = (root, { tiles, sprite, columns, name, zoom, pairs }) => {
  const nodes = tiles.map((each, place) => tile(each, place, columns));
  const grid = el('div', { class: 'tiles', 'data-pairs': pairs }, ...(pairs ? inPairs(nodes) : nodes));
  const rows = Math.ceil(tiles.length / columns);
  for (const picture of grid.querySelectorAll('.image')) {
    picture.style.backgroundImage = `url(${sprite})`;
    picture.style.backgroundSize = `calc(${columns} * var(--px)) calc(${rows} * var(--px))`;
  }
  root.setAttribute('aria-label', name);
  root.toggleAttribute('data-zoom', Boolean(zoom));
  root.replaceChildren(grid);
};

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector('.gallery');
  const { chosen, tags, leads_away: leadsAway, ...drawn } = data;
  const drawing = JSON.stringify(drawn);
  const { words, has, toggle, wordOf } = tagging(root, tags, setStateValue);
  const tiles = () => [...root.querySelectorAll('button')];
  const reach = (node) => {
    tiles().forEach((other) => { other.tabIndex = other === node ? 0 : -1; });
  };
  if (root.drawing !== drawing) {
    const hadFocus = root.querySelector('button:focus');
    root.drawing = drawing;
    build(root, data);
    reach(tiles()[0]);
    if (hadFocus) tiles()[0]?.focus();
  }
  for (const node of tiles()) {
    const pressed = +node.dataset.image === chosen;
    node.setAttribute('aria-pressed', pressed);
    if (pressed && !root.querySelector('button:focus')) reach(node);
  }

  const mark = (node) => {
    const borne = words.filter((word) => has(+node.dataset.image, word));
    node.querySelector('.marks').textContent = borne.map((word) => words.indexOf(word) + 1).join(' ');
    node.title = [node.label, ...(borne.length ? [`tagged ${borne.join(', ')}`] : [])].join(', ');
    node.setAttribute('aria-label', node.title);
  };
  tiles().forEach(mark);

  const open = (node) => {
    reach(node);
    setStateValue('opened', { image: +node.dataset.image, at: Date.now() });
  };
  root.onclick = ({ target }) => {
    const node = target.closest('button');
    if (node) open(node);
  };
  root.onkeydown = (event) => {
    const all = tiles(), place = all.indexOf(event.target.closest('button'));
    if (place < 0) return;
    const word = wordOf(event);
    if (word) {
      // One sees what one tags, unless that leads to another view.
      if (!leadsAway && +all[place].dataset.image !== chosen) open(all[place]);
      toggle(+all[place].dataset.image, word);
      mark(all[place]);
    }
    walk(event, all, place, reach);
  };
}
