const tile = ({ channel, lines, label, codes }, { height, width, signed }) => {
  const shareAt = (place) => (signed ? (codes[place] - 127) / 127 : codes[place] / 255);
  const canvas = picture(height, width, shareAt, signed);
  canvas.setAttribute('aria-hidden', 'true');
  return el('button', {
    type: 'button', tabindex: -1, 'data-channel': channel, 'aria-label': label, title: label,
  }, canvas, ...lines.map((line) => el('span', { class: 'line' }, line)));
};

const MANY = 16; // more scroll in themselves, so that the map in detail stays beside them

const build = (root, data) => {
  const size = data.height * data.width, codes = bytes(data.codes);
  const grid = el('div', { class: 'tiles', role: 'group', 'aria-label': data.name });
  grid.toggleAttribute('data-many', data.tiles.length > MANY);
  grid.append(...data.tiles.map((each, place) => (
    tile({ ...each, codes: codes.subarray(place * size, (place + 1) * size) }, data))));
  const { low, high, text } = data.legend;
  const legend = el('p', { class: 'legend' },
    el('span', {}, low), scaleBar(data.signed), el('span', {}, high), el('span', { class: 'quiet' }, text));
  root.replaceChildren(legend, grid);
};

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector('.maps');
  const { chosen, off, ...drawn } = data;
  const drawing = JSON.stringify(drawn);
  const tiles = () => [...root.querySelectorAll('button')];
  const reach = (node) => {
    for (const other of tiles()) other.tabIndex = other === node ? 0 : -1;
  };
  const inside = root.querySelector('button:focus')?.dataset.channel;
  const at = (channel) => root.querySelector(`[data-channel="${channel}"]`);
  if (root.drawing !== drawing) {
    root.drawing = drawing;
    build(root, data);
  }
  for (const node of tiles()) {
    const channel = +node.dataset.channel;
    node.toggleAttribute('data-off', Boolean(off?.includes(channel)));
    node.setAttribute('aria-pressed', off ? off.includes(channel) : channel === chosen);
  }
  reach((inside && at(inside)) || at(chosen) || tiles()[0]);
  if (inside) (at(inside) ?? at(chosen) ?? tiles()[0])?.focus();

  root.onclick = ({ target }) => {
    const node = target.closest('button');
    if (!node) return;
    reach(node);
    const opened = { channel: +node.dataset.channel, at: Date.now() };
    if (off) { // it is seen at once, so that nobody clicks again, and no quick click is lost
      node.setAttribute('aria-pressed', node.toggleAttribute('data-off'));
      opened.at = Math.max(opened.at, (root.clicks?.at(-1).at ?? 0) + 1);
      root.clicks = [...(root.clicks ?? []).slice(-MANY), { ...opened }];
      opened.clicks = root.clicks;
    }
    setStateValue('opened', opened);
  };
  root.onkeydown = (event) => {
    const all = tiles(), place = all.indexOf(event.target.closest('button'));
    if (place < 0) return;
    walk(event, all, place, reach);
  };
}
