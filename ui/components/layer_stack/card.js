// One layer: what it makes and costs, its settings, what is wrong with it, and how to move it.

let cardCount = 0;

class Card {
  constructor(stack, layer) {
    this.stack = stack;
    this.name = layer.name;
    this.type = layer.type;
    this.id = `card-${++cardCount}`;
    this.about = TYPES[layer.type];
    this.node = el('li', { class: 'item', 'data-kind': this.about.kind },
      this.gap(), el('div', { class: 'card' }, this.head(), this.strip(), this.settings(),
        (this.notes = el('div', { class: 'notes' }))));
  }

  send(action) {
    this.stack.send({ layer: this.name, ...action });
  }

  gap() {
    this.insert = el('button', { type: 'button', class: 'insert',
      onclick: () => this.stack.addBefore(this) }, el('span', {}, icon('plus')));
    return el('div', { class: 'gap' }, this.insert);
  }

  head() {
    this.number = el('span', { class: 'number' });
    this.handle = el('button', { type: 'button', class: 'handle', 'aria-describedby': 'keys-help',
      'aria-keyshortcuts': 'Alt+ArrowUp Alt+ArrowDown Delete Control+D Enter',
      'data-tip': 'Drag to move, or press Alt with ↑ or ↓.',
      onclick: (event) => { if (event.detail === 0) this.stack.addAfter(this); },
      onpointerdown: (event) => startDrag(this.stack, this, event),
      oncontextmenu: (event) => event.preventDefault(),
    }, icon('grip'), this.number);
    this.title = nameField(`${this.id}-name`, (name) => this.stack.rename(this, name));
    const tool = (name, label, run) => iconButton(name, label,
      (event) => this.stack.press(this, run, event), { 'data-tip': label });
    this.up = tool('up', 'Up', 'up');
    this.down = tool('down', 'Down', 'down');
    return el('div', { class: 'head' }, this.handle,
      el('span', { class: 'kind', 'data-tip': this.about.summary }, this.type), this.title.node,
      el('span', { class: 'tools', role: 'group', 'aria-label': 'Layer' }, this.up, this.down,
        tool('copy', 'Duplicate', 'duplicate'), tool('remove', 'Remove', 'remove')));
  }

  strip() {
    const figure = (name) => (this[name] = el('span', { class: `figure ${name}` }));
    this.stripButton = el('button', { type: 'button', class: 'strip', 'data-tap-tip': true },
      (this.waiting = el('span', { class: 'waiting' }, icon('wait'), (this.waitText = el('span')))),
      figure('shape'), figure('params'), figure('adds'), figure('sees'));
    return this.stripButton;
  }

  settings() {
    this.fields = {};
    const make = ([name, setting]) => {
      const commit = (value) => this.send({ do: 'set', setting: name, value });
      this.fields[name] = settingField(setting, `${this.id}-${name}`, commit);
      return this.fields[name].node;
    };
    const all = Object.entries(this.about.settings);
    const main = all.filter(([, setting]) => setting.main), rest = all.filter(([, s]) => !s.main);
    if (this.about.merges) {
      this.join = joinField(`${this.id}-joins`, (inputs) => this.send({ do: 'inputs', inputs }));
    }
    const row = el('div', { class: 'fields' }, ...(this.join ? [this.join.node] : []),
      ...main.map(make));
    if (!rest.length) return el('div', { class: 'settings' }, row);
    const panel = el('div', { id: `${this.id}-more`, class: 'fields others', hidden: true },
      ...rest.map(make));
    this.moreText = el('span', {}, 'More');
    this.more = el('button', { type: 'button', class: 'more', 'aria-expanded': 'false',
      'aria-controls': `${this.id}-more`, onclick: () => {
        panel.hidden = !panel.hidden;
        this.more.setAttribute('aria-expanded', String(!panel.hidden));
      } }, this.moreText, icon('chevron'));
    row.append(this.more);
    return el('div', { class: 'settings' }, row, panel);
  }

  update(layer, at, all) {
    const place = `layer ${at + 1} of ${all.length}`;
    this.node.dataset.layer = this.name = layer.name;
    this.node.classList.toggle('wrong', Boolean(layer.problem));
    this.node.classList.toggle('waits', layer.waits);
    setText(this.number, String(at + 1));
    this.handle.setAttribute('aria-label', `${layer.name}, ${place}, ${this.type}`);
    this.insert.setAttribute('aria-label', at ? `Insert a layer below ${all[at - 1].name}`
      : 'Insert a layer at the start');
    this.title.node.setAttribute('aria-label', `Name of ${place}`);
    this.title.sync(layer.name);
    this.up.disabled = at === 0;
    this.down.disabled = at === all.length - 1;
    this.updateStrip(layer);
    for (const [name, field] of Object.entries(this.fields)) field.sync(layer.settings[name]);
    this.join?.sync(layer.joins);
    if (this.more) {
      const changed = layer.changed ? `${layer.changed} changed` : '';
      setText(this.moreText, changed ? `More · ${layer.changed}` : 'More');
      this.more.setAttribute('aria-description', changed);
      this.more.dataset.tip = changed;
    }
    this.updateNotes(layer);
  }

  updateStrip({ strip, waits }) {
    const show = (node, text, share) => {
      node.hidden = !text;
      setText(node, text);
      if (share !== undefined) node.style.setProperty('--share', share);
    };
    this.waiting.hidden = Boolean(strip);
    setText(this.waitText, waits ? 'waits for the layer above' : 'does not fit yet');
    show(this.shape, strip?.shape ?? '');
    show(this.params, strip?.params ?? '', strip?.params_share);
    show(this.adds, strip?.mult_adds ?? '', strip?.mult_adds_share);
    show(this.sees, strip?.sees ?? '');
    this.stripButton.disabled = !strip;
    this.stripButton.dataset.tip = strip?.tip ?? '';
    this.stripButton.setAttribute('aria-description', strip?.tip ?? '');
  }

  // Problem, refusal and hints; rebuilt only when the words change, so that focus stays.
  updateNotes(layer) {
    const words = JSON.stringify([layer.problem, layer.refusal, layer.hints]);
    if (this.words === words) return;
    this.words = words;
    const nodes = [];
    if (layer.refusal) nodes.push(note('refusal', 'alert', layer.refusal));
    if (layer.problem) nodes.push(problemNote(this.stack, layer.name, layer.problem));
    for (const hint of layer.hints) {
      const mend = hint.repair && actionButton(hint.repair,
        () => this.send({ do: 'hint', text: hint.text }));
      nodes.push(note('hint', 'bulb', hint.text, mend ? [mend] : []));
    }
    this.notes.replaceChildren(...nodes);
  }

  focusFirst() {
    const first = this.join ?? Object.values(this.fields).find((field) =>
      !field.node.closest('[hidden]'));
    (first ?? this.handle).focus();
  }
}

const note = (kind, symbol, text, buttons = []) => {
  const body = el('div', { class: 'body' }, el('p', {}, text));
  if (buttons.length) body.append(el('div', { class: 'mends' }, ...buttons));
  return el('div', { class: `note ${kind}` }, icon(symbol), body);
};

const actionButton = (text, onclick) => el('button', { type: 'button', class: 'mend', onclick },
  text.charAt(0).toUpperCase() + text.slice(1));

const problemNote = (stack, layer, problem, kind = 'problem', symbol = 'alert') =>
  note(kind, symbol, problem.text, problem.repairs.map((text) =>
    actionButton(text, () => stack.send({ do: 'repair', layer, text }))));
