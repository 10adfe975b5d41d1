// The palette: every type of layer by kind, found by typing, chosen by arrows and Enter or a click.

const initials = (type) => type.replace(/[^A-Z]/g, '').toLowerCase();

// How well a type answers a search: 0 for not at all.
const score = (type, query) => {
  const about = TYPES[type], name = type.toLowerCase();
  if (!query) return 1;
  if (name.startsWith(query)) return 4;
  if (initials(type).startsWith(query)) return 3;
  if (name.includes(query) || about.kind.startsWith(query)) return 2;
  const words = `${name} ${about.kind} ${about.summary}`.toLowerCase();
  return query.split(/\s+/).every((part) => words.includes(part)) ? 1 : 0;
};

class Palette {
  constructor(root, choose) {
    this.choose = choose;
    this.search = el('input', { type: 'text', role: 'combobox', 'aria-expanded': 'true',
      'aria-controls': 'palette-list', 'aria-autocomplete': 'list', autocomplete: 'off',
      'aria-label': 'Find a layer', placeholder: 'Type to find: conv…', spellcheck: 'false',
      maxlength: 40, oninput: () => this.filter() });
    this.title = el('h2', { id: 'palette-title', tabindex: -1 });
    this.none = el('p', { class: 'none', role: 'status' });
    this.list = el('div', { id: 'palette-list', class: 'list', role: 'listbox',
      'aria-label': 'Layers' });
    this.dialog = el('dialog', { class: 'palette', 'aria-labelledby': 'palette-title' },
      el('div', { class: 'top' }, this.title,
        iconButton('remove', 'Close', () => this.dialog.close())),
      el('div', { class: 'search' }, icon('search'), this.search), this.list, this.none);
    root.append(this.dialog);
    this.fill();
    this.dialog.addEventListener('keydown', (event) => this.key(event));
    this.dialog.addEventListener('click', (event) => {
      if (event.target === this.dialog) this.dialog.close(); // beside it
    });
  }

  fill() {
    this.options = [];
    this.groups = [...new Set(Object.values(TYPES).map((about) => about.kind))].map((kind) => {
      const id = `palette-${kind}`;
      const group = el('div', { role: 'group', 'aria-labelledby': id, 'data-kind': kind },
        el('div', { id, class: 'group', role: 'presentation' }, kind));
      for (const [type, about] of Object.entries(TYPES)) {
        if (about.kind === kind) group.append(this.option(type, about));
      }
      return group;
    });
    this.list.append(...this.groups);
  }

  option(type, about) {
    const makes = el('span', { class: 'makes' });
    const node = el('div', { id: `palette-${type}`, class: 'option', role: 'option',
      'aria-selected': 'false', onclick: () => this.take(type),
      onpointermove: () => this.activate(type) },
    el('span', { class: 'type' }, type), makes, el('span', { class: 'summary' }, about.summary));
    this.options.push({ type, node, makes });
    return node;
  }

  // `makes`: type → shape it would give here; null where that is not known.
  open(title, makes, after) {
    this.after = after;
    setText(this.title, title);
    for (const { type, node, makes: text } of this.options) {
      const fits = !makes || type in makes;
      setText(text, makes && !TYPES[type].merges ? (fits ? `→ ${makes[type]}` : 'does not fit here')
        : '');
      node.classList.toggle('misfit', !fits && !TYPES[type].merges);
    }
    this.search.value = '';
    this.filter();
    this.dialog.showModal();
    this.list.scrollTop = 0;
    (isTouch() ? this.title : this.search).focus(); // no on-screen keyboard over the list
  }

  filter() {
    const query = this.search.value.trim().toLowerCase();
    let best = null, most = 0;
    for (const option of this.options) {
      const points = score(option.type, query);
      option.node.hidden = !points;
      const rank = points && points * 2 + !option.node.classList.contains('misfit');
      if (rank > most) [best, most] = [option.type, rank];
    }
    for (const group of this.groups) {
      group.hidden = !group.querySelector('[role=option]:not([hidden])');
    }
    setText(this.none, best ? '' : `No layer is called “${query}”. Try conv, pool, dense or norm.`);
    this.activate(best, true);
  }

  activate(type, scroll = false) {
    this.active = type;
    for (const option of this.options) {
      option.node.setAttribute('aria-selected', String(option.type === type));
      if (option.type === type && scroll) option.node.scrollIntoView({ block: 'nearest' });
    }
    this.search.setAttribute('aria-activedescendant', type ? `palette-${type}` : '');
  }

  key(event) {
    const shown = this.options.filter((option) => !option.node.hidden).map(({ type }) => type);
    const at = shown.indexOf(this.active), last = shown.length - 1;
    const next = { ArrowDown: at < last ? at + 1 : 0, ArrowUp: at > 0 ? at - 1 : last,
      PageDown: Math.min(last, at + 5), PageUp: Math.max(0, at - 5) }[event.key];
    if (event.key === 'Enter' && !event.target.closest('button') && this.active) {
      this.take(this.active);
    } else if (next !== undefined && last >= 0) this.activate(shown[next], true);
    else return;
    event.preventDefault();
  }

  take(type) {
    if (!this.dialog.open) return; // the second click of a double click
    this.dialog.close();
    this.choose(type, this.after);
  }
}
