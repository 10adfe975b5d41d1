// The inputs of a card. Each has `sync(value)`, which shows what the stack holds, and `focus()`.
// A field in which somebody is typing is left alone until it is committed.

const readNumber = (text, integer) => {
  const plain = integer ? text.replace(/[,_\s]/g, '') : text.trim().replace(',', '.');
  if (plain === '') return null;
  const number = Number(plain);
  return Number.isFinite(number) ? number : text.trim().slice(0, 20);
};

// Commits what was typed, once: on Enter and when the field is left; Escape takes it back.
const typed = (input, commit) => {
  let shown = input.value;
  const give = () => {
    if (input.value === shown) return;
    shown = input.value;
    commit(input.value);
  };
  input.addEventListener('blur', give);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') give();
    else if (event.key === 'Escape' && input.value !== shown) input.value = shown;
    else return;
    event.preventDefault();
  });
  input.isEdited = () => input.value !== shown;
  return {
    give,
    sync(text) {
      const typing = input.matches(':focus') && input.isEdited();
      if (!typing && input.value !== text) input.value = text;
      if (!typing) shown = text;
    },
  };
};

const numberField = (setting, id, commit) => {
  const input = el('input', {
    id, type: 'text', role: 'spinbutton', autocomplete: 'off', maxlength: 20,
    inputmode: setting.integer ? 'numeric' : 'decimal', placeholder: setting.none_label || null,
    'aria-valuemin': setting.minimum, 'aria-valuemax': setting.maximum,
    'aria-describedby': `${id}-help`, 'data-tip': setting.help,
  });
  const text = typed(input, (value) => commit(readNumber(value, setting.integer)));
  const step = (by) => {
    const now = readNumber(input.value, setting.integer);
    const start = typeof now === 'number' ? now : setting.default ?? setting.minimum;
    const next = typeof now === 'number' ? start + by * setting.step : start;
    const near = Math.min(setting.maximum, Math.max(setting.minimum, next));
    if (setting.above && near <= setting.minimum) return;
    input.value = String(Number(near.toPrecision(10)));
    text.give();
  };
  input.addEventListener('keydown', (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    step(by);
  });
  const stepper = (name, words, by) =>
    iconButton(name, `${words} ${setting.label}`, () => step(by), { class: 'step', tabindex: -1 });
  return {
    node: el('div', { class: 'number' },
      stepper('minus', 'Less', -1), input, stepper('plus', 'More', 1)),
    focus: () => { input.focus(); input.select(); },
    sync(value) {
      text.sync(value === null ? '' : String(value));
      input.setAttribute('aria-valuenow', typeof value === 'number' ? value : '');
      input.setAttribute('aria-valuetext', value === null ? setting.none_label : String(value));
    },
  };
};

const choiceField = (setting, id, commit) => {
  const select = el('select', {
    id, 'aria-describedby': `${id}-help`, 'data-tip': setting.help,
    onchange: () => commit(select.value),
  }, ...setting.choices.map((choice) => el('option', { value: choice }, choice)));
  return {
    node: el('div', { class: 'choice' }, select, icon('chevron')),
    focus: () => select.focus(),
    sync: (value) => { if (select.value !== value) select.value = value; },
  };
};

const switchField = (setting, id, commit) => {
  const box = el('input', {
    id, type: 'checkbox', role: 'switch', 'aria-describedby': `${id}-help`,
    'data-tip': setting.help, onchange: () => commit(box.checked),
  });
  return {
    node: el('div', { class: 'switch' }, box),
    focus: () => box.focus(),
    sync: (value) => { box.checked = value; },
  };
};

const FIELDS = { number: numberField, choice: choiceField, switch: switchField };

// A setting with its label; its help is a tooltip, and a line below it where there is room.
const settingField = (setting, id, commit) => {
  const field = FIELDS[setting.kind](setting, id, commit);
  const label = el('label', { for: id, 'data-tip': setting.help }, setting.label);
  const help = el('span', { id: `${id}-help`, class: 'help' }, setting.help);
  return { ...field, node: el('div', { class: `field of-${setting.kind}` }, label, field.node, help) };
};

const fitsItself = CSS.supports('field-sizing', 'content');

const nameField = (id, commit) => {
  const input = el('input', {
    id, class: 'name', type: 'text', autocomplete: 'off', spellcheck: 'false', maxlength: 40,
    'data-tip': 'The name of the layer; skips and tables use it. Small letters, digits, underscores.',
  });
  const text = typed(input, (value) => commit(value.trim()));
  return {
    node: input,
    focus: () => { input.focus(); input.select(); },
    sync(name) {
      text.sync(name);
      if (!fitsItself) input.style.width = `${name.length + 2}ch`;
    },
  };
};

// Which earlier layers a merge joins: a button that opens a list of boxes to tick.
const joinField = (id, commit) => {
  const list = el('div', { id: `${id}-list`, class: 'joins', popover: 'auto', role: 'group',
    'aria-label': 'Earlier layers to join with' });
  const button = el('button', { id, type: 'button', class: 'join', popovertarget: `${id}-list`,
    'aria-haspopup': 'true', 'data-tip': 'Whose outputs are joined with that of the layer above.' });
  const text = el('span');
  button.append(text, icon('chevron'));
  button.popoverTargetElement = list;
  list.addEventListener('toggle', (event) => {
    if (event.newState !== 'open') return;
    list.style.minWidth = `${button.offsetWidth}px`;
    placeBy(list, button);
    list.querySelector('input')?.focus();
  });
  const chosen = () => [...list.querySelectorAll('input')].filter((box) => box.checked);
  const rows = new Map();
  const row = (name) => {
    const box = el('input', { type: 'checkbox', value: name,
      onchange: () => commit(chosen().map((ticked) => ticked.value)) });
    const made = { box, title: el('span', {}, name), note: el('small') };
    made.node = el('label', {}, box, made.title, made.note);
    rows.set(name, made);
    return made;
  };
  return {
    node: el('div', { class: 'field of-join' }, el('label', { for: id }, 'Joins'), button, list),
    focus: () => button.focus(),
    sync(joins) {
      const wanted = joins.map((join) => rows.get(join.name) ?? row(join.name));
      joins.forEach((join, at) => {
        wanted[at].box.checked = join.chosen;
        wanted[at].node.classList.toggle('misfit', !join.fits);
        setText(wanted[at].note, join.note);
      });
      arrange(list, wanted.map((made) => made.node));
      const names = joins.filter((join) => join.chosen).map((join) => join.name);
      setText(text, names.join(', ') || 'Choose an earlier layer');
    },
  };
};
