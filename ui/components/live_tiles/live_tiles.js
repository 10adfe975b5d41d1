const SECOND = 1000;

const drawTile = ({ label, value, note }) => el('div', { class: 'tile' },
  el('dt', {}, label),
  el('dd', { class: 'value' }, value),
  ...(note ? [el('dd', { class: 'note' }, note)] : []));

const draw = (root, found) => {
  const tiles = JSON.stringify(found.tiles);
  if (root.tiles !== tiles) {  // what has not changed stays, so that it can be selected
    root.tiles = tiles;
    root.querySelector('.tiles').replaceChildren(...found.tiles.map(drawTile));
  }
  const { share, text } = found.progress;
  const bar = root.querySelector('.bar');
  bar.firstElementChild.style.width = `${100 * share}%`;
  bar.setAttribute('aria-valuenow', Math.round(100 * share));
  bar.setAttribute('aria-label', text);
  root.querySelector('.text').textContent = text;
  root.querySelector('.confused').textContent = found.confused;
};

// Asks until the component goes; a page nobody sees asks nothing, and a server that is away is
// asked again: Streamlit says that it is.
const follow = async (root) => {
  const { data, setTriggerValue } = root.live;
  if (!document.hidden) {
    const answer = await fetch(data.feed, { cache: 'no-cache' }).catch(() => null);
    const found = answer?.ok ? await answer.json().catch(() => null) : null;
    if (!root.live) return;
    if (found) {
      draw(root, found);
      window.dispatchEvent(new CustomEvent('fmnist-live', { detail: found }));
    }
    const version = found ? found.version : answer && `answer ${answer.status}`;
    if (version && version !== root.live.data.version && version !== root.live.told) {
      root.live.told = version;
      setTriggerValue('changed', version);
    }
  }
  root.timer = setTimeout(follow, SECOND, root);
};

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement;
  root.live = { data, setTriggerValue, told: root.live?.told };
  draw(root, data);
  root.timer ??= setTimeout(follow, SECOND, root);
  return () => {
    clearTimeout(root.timer);
    root.live = root.timer = undefined;
  };
}
