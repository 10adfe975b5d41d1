// The stack: cards in order, and a queue of edits that are sent until the server says it has them.
//
// What is shown is the server's network with the edits that are still on their way on top, so that
// a card moves at once and no later answer makes it jump back.

const stacks = new WeakMap();

class Stack {
  constructor(parent) {
    this.root = parent.querySelector('.stack');
    this.shadow = parent;
    this.mount = Array.from(crypto.getRandomValues(new Uint32Array(3)), (n) => n.toString(36)).join('');
    this.pending = [];
    this.count = 0;
    this.cards = new Map();
    this.list = el('ol', { class: 'layers', 'aria-label': 'Layers' });
    this.live = el('div', { class: 'sr', 'aria-live': 'polite', role: 'status' });
    this.empty = el('div', { class: 'empty' });
    this.add = el('button', { type: 'button', class: 'add',
      onclick: () => this.openPalette(this.names().at(-1) ?? '') }, icon('plus'), 'Add a layer');
    this.root.replaceChildren(this.start(), this.list, this.empty, this.add, this.live);
    this.tooltip = new Tooltip(this.root);
    this.palette = new Palette(this.root, (type, after) => this.insert(type, after));
    this.list.addEventListener('keydown', (event) => this.key(event));
    this.undoKeys = (event) => this.undoKey(event);
    document.addEventListener('keydown', this.undoKeys);
  }

  start() {
    const keys = el('div', { id: 'keys', class: 'keys', popover: 'auto', 'aria-label': 'Keyboard' },
      el('h2', {}, 'Keyboard'), el('p', {}, 'On the number of a layer:'),
      el('dl', {}, ...KEYS.flatMap(([key, text]) => [el('dt', {}, key), el('dd', {}, text)])));
    const button = el('button', { type: 'button', class: 'keyboard', popovertarget: 'keys' },
      icon('keyboard'), 'Keyboard');
    button.popoverTargetElement = keys;
    keys.addEventListener('toggle', (event) => event.newState === 'open' && placeBy(keys, button));
    this.input = el('span');
    return el('div', { class: 'start' }, el('span', { class: 'input' }, el('b', {}, 'Input'),
      this.input), button, keys, el('span', { id: 'keys-help', class: 'sr' }, KEYS_SPOKEN));
  }

  // Data and queue

  receive(data, setStateValue) {
    this.give = () => setStateValue('actions',
      { server: data.server, mount: this.mount, actions: this.pending });
    const before = this.data;
    this.data = data;
    if (before && before.server !== data.server) this.meetNewServer(before.link);
    const [mount, done] = data.applied;
    const answered = mount === this.mount ? this.pending.filter(({ n }) => n <= done) : [];
    this.pending = this.pending.filter((action) => !answered.includes(action));
    if (answered.length) this.expectAnswer(5_000);
    this.render();
    if (before) this.tellNews(before, data);
    if (answered.some((action) => action.do === 'add')) this.meetNew(before, true);
    else if (answered.some((action) => action.do === 'duplicate')) this.meetNew(before, false);
  }

  send(action, before) {
    this.pending.push({ ...action, n: ++this.count });
    this.give();
    this.expectAnswer(5_000);
    this.render(before);
  }

  // A server that was started anew knows the network of the address at best, and the edits that it
  // was sent are for the network that stood here.
  meetNewServer(link) {
    if (!this.pending.length) return;
    this.pending = [{ do: 'restore', link }, ...this.pending].map((action) =>
      ({ ...action, n: ++this.count }));
    this.give();
  }

  // A message is lost while the connection is, so what was not answered is sent again, ever later.
  expectAnswer(patience) {
    clearTimeout(this.reminder);
    if (!this.pending.length) return;
    this.reminder = setTimeout(() => {
      this.give();
      this.expectAnswer(2 * patience);
    }, patience);
  }

  // The server's layers with the edits that it has not yet answered.
  view() {
    let layers = this.data.layers.map((layer) => ({ ...layer, settings: { ...layer.settings } }));
    for (const action of this.pending) {
      const at = layers.findIndex(({ name }) => name === action.layer);
      if (at < 0) continue;
      if (action.do === 'remove') layers.splice(at, 1);
      else if (action.do === 'move') layers.splice(action.position, 0, ...layers.splice(at, 1));
      else if (action.do === 'set') layers[at].settings[action.setting] = action.value;
      else if (action.do === 'rename') layers[at].name = action.name;
      else if (action.do === 'inputs') {
        layers[at].joins = layers[at].joins.map((join) =>
          ({ ...join, chosen: action.inputs.includes(join.name) }));
      }
    }
    return layers;
  }

  // Drawing

  render(before = this.places()) {
    if (this.drag) return;
    const layers = this.view(), focused = this.shadow.activeElement;
    const row = this.items().indexOf(focused?.closest('.item'));
    this.takeBackNames(layers);
    const shown = layers.map((layer) => {
      const known = this.cards.get(layer.name);
      return known?.type === layer.type ? known : new Card(this, layer);
    });
    this.cards = new Map(shown.map((card, at) => [layers[at].name, card]));
    arrange(this.list, shown.map((card) => card.node));
    shown.forEach((card, at) => card.update(layers[at], at, layers));
    setText(this.input, this.data.input);
    this.renderEmpty(layers.length === 0);
    this.slide(before);
    if (!focused || this.shadow.activeElement === focused) return;
    if (focused.isConnected) focused.focus({ preventScroll: true });
    else if (row >= 0) this.focusRow(row);
  }

  renderEmpty(empty) {
    const words = JSON.stringify(empty && this.data.problem);
    if (this.emptyWords === words) return;
    this.emptyWords = words;
    this.empty.replaceChildren(...(empty && this.data.problem
      ? [problemNote(this, '', this.data.problem, 'hint', 'bulb')] : []));
  }

  // A name that the server refused: its card goes back to the name that stands.
  takeBackNames(layers) {
    const names = new Set(layers.map((layer) => layer.name));
    for (const [name, card] of [...this.cards]) {
      const free = names.has(card.oldName) && !this.cards.has(card.oldName);
      if (names.has(name) || !free) continue;
      this.cards.delete(name);
      this.cards.set(card.oldName, card);
    }
  }

  items() {
    return [...this.list.querySelectorAll('.item')];
  }

  names() {
    return this.items().map((item) => item.dataset.layer);
  }

  places() {
    return new Map(this.items().map((item) => [item, item.getBoundingClientRect().top]));
  }

  // Lets each card glide from where it was to where it is.
  slide(before) {
    if (still()) return;
    for (const item of this.items()) {
      const was = before.get(item);
      const by = was === undefined ? 0 : was - item.getBoundingClientRect().top;
      const frames = was === undefined && before.size ? { opacity: [0, 1] }
        : { transform: [`translateY(${by}px)`, 'none'] };
      if (by || (was === undefined && before.size)) {
        item.animate(frames, { duration: 160, easing: 'ease-out' });
      }
    }
  }

  say(text) {
    this.live.textContent = text;
  }

  tellNews(before, data) {
    const wrong = ({ layers, problem }) => {
      const layer = layers.find((known) => known.problem);
      return layer ? `${layer.name}: ${layer.problem.text}` : problem?.text ?? '';
    };
    const refused = data.layers.find((layer) => layer.refusal)?.refusal;
    if (refused && refused !== before.layers.find((layer) => layer.refusal)?.refusal) {
      this.say(refused);
    } else if (wrong(data) !== wrong(before)) this.say(wrong(data) || 'The network fits together.');
  }

  // Goes to a layer that was just made: to its first setting, or to its number.
  meetNew(before, toSetting) {
    const known = new Set(before.layers.map((layer) => layer.name));
    const made = this.names().filter((name) => !known.has(name)).at(-1);
    const typing = this.shadow.activeElement?.isEdited?.();
    if (!made || typing || this.palette.dialog.open) return;
    const card = this.cards.get(made);
    if (toSetting) card.focusFirst();
    else card.handle.focus();
    card.node.scrollIntoView({ block: 'nearest', behavior: still() ? 'auto' : 'smooth' });
    this.say(`Added ${made}, layer ${this.names().indexOf(made) + 1} of ${this.names().length}.`);
  }

  focusRow(row) {
    const item = this.items()[Math.min(row, this.items().length - 1)];
    (item?.querySelector('.handle') ?? this.add).focus({ preventScroll: true });
  }

  // What a person does

  openPalette(after) {
    const strip = this.data.layers.find((layer) => layer.name === after)?.strip;
    const arriving = after ? strip?.shape : this.data.input_shape;
    this.palette.open(after ? `Add a layer below ${after}` : 'Add a layer at the start',
      this.data.makes[arriving] ?? null, after);
  }

  addAfter(card) {
    this.openPalette(card.name);
  }

  addBefore(card) {
    this.openPalette(this.names()[this.names().indexOf(card.name) - 1] ?? '');
  }

  insert(type, after) {
    this.send({ do: 'add', type, after });
  }

  rename(card, name) {
    if (!this.cards.has(name)) {
      this.cards.delete(card.name);
      this.cards.set(name, card);
      card.oldName = card.name;
    }
    this.send({ do: 'rename', layer: card.name, name });
  }

  move(card, position, before) {
    const size = this.names().length;
    if (position < 0 || position >= size) return;
    this.send({ do: 'move', layer: card.name, position }, before);
    this.say(`${card.name} moved to position ${position + 1} of ${size}.`);
  }

  remove(card) {
    const row = this.names().indexOf(card.name), had = card.node.contains(this.shadow.activeElement);
    this.send({ do: 'remove', layer: card.name });
    if (had) this.focusRow(row);
    this.say(`Removed ${card.name}.`);
  }

  // A button of a card. Cards slide away under the pointer, so the later clicks of a double click
  // still belong to the card that was clicked first; only moving may be repeated.
  press(card, run, event) {
    const { x, y, timeStamp: time } = event, last = this.pressed;
    const again = event.detail > 0 && last && time - last.time < 400
      && Math.hypot(x - last.x, y - last.y) < 8;
    if (again && (run === 'remove' || run === 'duplicate')) return;
    const meant = again && last.run === run ? last.card : card;
    this.pressed = { card: meant, run, time, x, y };
    const at = this.names().indexOf(meant.name);
    if (run === 'up') this.move(meant, at - 1);
    else if (run === 'down') this.move(meant, at + 1);
    else if (run === 'duplicate') this.send({ do: 'duplicate', layer: meant.name });
    else this.remove(meant);
  }

  key(event) {
    const card = this.cards.get(event.target.closest('.item')?.dataset.layer);
    if (!card || event.target.closest('input, select, .joins')) return;
    const names = this.names(), at = names.indexOf(card.name), by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const onHandle = event.target === card.handle, command = event.ctrlKey || event.metaKey;
    if (event.altKey && by) this.move(card, at + by);
    else if (!onHandle || event.altKey) return;
    else if (by) this.cards.get(names[at + by])?.handle.focus();
    else if (event.key === 'Home') this.cards.get(names[0]).handle.focus();
    else if (event.key === 'End') this.cards.get(names.at(-1)).handle.focus();
    else if (event.key === 'Delete' || event.key === 'Backspace') this.remove(card);
    else if (command && event.key.toLowerCase() === 'd') this.send({ do: 'duplicate', layer: card.name });
    else if (!command && (event.key === 'Enter' || event.key === '+')) this.addAfter(card);
    else return;
    event.preventDefault();
  }

  undoKey(event) {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !['z', 'y'].includes(key)) return;
    const target = event.composedPath()[0], own = this.root.contains(target);
    const writes = target.isContentEditable || /^(INPUT|TEXTAREA)$/.test(target.tagName ?? '');
    if (writes && !(own && target.isEdited && !target.isEdited())) return;
    const redo = key === 'y' || event.shiftKey;
    event.preventDefault();
    this.say(redo ? 'Redone.' : 'Undone.');
    this.send({ do: redo ? 'redo' : 'undo', layer: '' });
  }

  destroy() {
    this.drag?.(false);
    clearTimeout(this.reminder);
    this.tooltip.destroy();
    document.removeEventListener('keydown', this.undoKeys);
  }
}

const KEYS = [
  ['↑ ↓', 'go to the layer above or below'],
  ['Alt + ↑ ↓', 'move the layer'],
  ['Enter or +', 'add a layer below'],
  ['Ctrl + D', 'duplicate it'],
  ['Delete', 'remove it'],
  ['Ctrl + Z', 'undo'],
  ['Ctrl + Shift + Z', 'redo'],
];
const KEYS_SPOKEN = 'Arrow up and down go to other layers. With Alt they move this one. '
  + 'Enter adds a layer below, Control D duplicates, Delete removes.';

export default function ({ parentElement, data, setStateValue }) {
  let stack = stacks.get(parentElement);
  if (!stack) stacks.set(parentElement, (stack = new Stack(parentElement)));
  stack.receive(data, setStateValue);
  // Streamlit also calls this, with the page standing, where one answer overtakes another.
  return () => setTimeout(() => {
    if (parentElement.host.isConnected) return;
    stack.destroy();
    stacks.delete(parentElement);
  });
}
