const el = (tag, className, text = '') => {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
};

const tile = ({ image, truth, taken, confidence, share, right, label }, place, columns) => {
  const node = el('button', '');
  node.type = 'button';
  node.tabIndex = -1;
  node.dataset.image = image;
  node.title = label;
  node.setAttribute('aria-label', label);
  node.toggleAttribute('data-right', right);
  const picture = el('span', 'image');
  const [column, row] = [place % columns, Math.floor(place / columns)];
  picture.style.backgroundPosition = `calc(${-column} * var(--px)) calc(${-row} * var(--px))`;
  const bar = el('span', 'bar'), fill = el('span', 'fill');
  bar.style.display = fill.style.display = 'block';
  fill.style.width = `${100 * share}%`;
  bar.append(fill);
  node.append(picture, el('span', 'line true', truth), el('span', 'line', taken),
    bar, el('span', 'line', confidence));
  return node;
};

const build = (root, { tiles, sprite, columns, name }) => {
  const grid = el('div', 'tiles');
  const rows = Math.ceil(tiles.length / columns);
  grid.append(...tiles.map((each, place) => tile(each, place, columns)));
  for (const picture of grid.querySelectorAll('.image')) {
    picture.style.backgroundImage = `url(${sprite})`;
    picture.style.backgroundSize = `calc(${columns} * var(--px)) calc(${rows} * var(--px))`;
  }
  root.setAttribute('aria-label', name);
  root.replaceChildren(grid);
};

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector('.gallery');
  const { chosen, ...drawn } = data;
  const drawing = JSON.stringify(drawn);
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

  root.onclick = ({ target }) => {
    const node = target.closest('button');
    if (!node) return;
    reach(node);
    setStateValue('opened', { image: +node.dataset.image, at: Date.now() });
  };
  root.onkeydown = (event) => {
    const all = tiles(), place = all.indexOf(event.target.closest('button'));
    if (place < 0) return;
    const below = all.findIndex((node) => node.offsetTop > all[0].offsetTop);
    const perRow = below < 0 ? all.length : below;
    const step = {
      ArrowRight: 1, ArrowLeft: -1, ArrowDown: perRow, ArrowUp: -perRow,
      Home: -all.length, End: all.length,
    }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = all[Math.max(0, Math.min(all.length - 1, place + step))];
    reach(next);
    next.focus();
  };
}
