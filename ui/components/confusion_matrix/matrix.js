// A button at a place of the grid: row and column 0 are the headings, which choose a whole line.
const button = (row, column, text, label, more = {}) => el('button', {
  type: 'button', tabindex: -1, 'data-row': row, 'data-column': column,
  'aria-label': label, title: label, ...more,
}, text);

const build = ({ caption, corner, names, cells, row_tips, column_tips, totals, scale }) => {
  const columns = el('colgroup', {}, el('col', { class: 'names' }), ...names.map(() => el('col')));
  if (totals) columns.append(el('col', { class: 'sum' }));
  const head = el('tr', {}, el('td', { class: 'corner' }, corner));
  names.forEach((name, j) => head.append(
    el('th', { scope: 'col' }, button(0, j + 1, name, column_tips[j]))));
  if (totals) head.append(el('th', { scope: 'col', class: 'total' }, 'all'));
  const body = el('tbody', { 'data-scale': scale });
  cells.forEach((row, i) => {
    const line = el('tr', {}, el('th', { scope: 'row' }, button(i + 1, 0, names[i], row_tips[i])));
    row.forEach(({ text, step, tip }, j) => line.append(
      el('td', { class: i === j ? 'diagonal' : null },
        button(i + 1, j + 1, text, tip, { 'data-step': step }))));
    if (totals) line.append(el('td', { class: 'total' }, totals.rows[i]));
    body.append(line);
  });
  if (totals) {
    body.append(el('tr', { class: 'total' }, el('th', { scope: 'row', class: 'total' }, 'all'),
      ...totals.columns.map((text) => el('td', { class: 'total' }, text)),
      el('td', { class: 'total' }, totals.all)));
  }
  return el('div', { class: 'scroll' },
    el('table', {}, el('caption', {}, caption), columns, el('thead', {}, head), body));
};

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector('.matrix');
  const { chosen, codes, ...drawn } = data;
  const at = (row, column) => root.querySelector(`[data-row="${row}"][data-column="${column}"]`);
  const drawing = JSON.stringify(drawn);
  if (root.drawing !== drawing) {
    const { row, column } = root.querySelector('button:focus')?.dataset ?? {};
    root.drawing = drawing;
    root.replaceChildren(build(data));
    if (row) at(row, column)?.focus();
  }

  // Class → place in the grid; 0, the heading's, where any class will do.
  const place = (code) => (code === null ? 0 : codes.indexOf(code) + 1);
  const code = (line) => (line === 0 ? null : codes[line - 1]);
  const row = place(chosen.true), column = place(chosen.predicted);
  const any = row || column;
  for (const node of root.querySelectorAll('button')) {
    const [i, j] = [+node.dataset.row, +node.dataset.column];
    node.setAttribute('aria-pressed', Boolean(any && i === row && j === column));
    const within = any && i && j && (!row || i === row) && (!column || j === column);
    node.toggleAttribute('data-in', Boolean(within));
  }
  const reach = (node) => {
    root.querySelectorAll('[tabindex="0"]').forEach((other) => { other.tabIndex = -1; });
    node.tabIndex = 0;
  };
  const inside = root.querySelector('button:focus');
  reach(inside ?? (any ? at(row, column) : root.querySelector('[tabindex="0"]') ?? at(1, 1)));

  const choose = (i, j) => setStateValue('chosen', {
    true: code(i), predicted: code(j), at: Date.now(), // the same choice twice is two messages
  });
  root.onclick = ({ target }) => {
    const node = target.closest('button');
    if (!node) return;
    reach(node);
    const pressed = node.getAttribute('aria-pressed') === 'true';
    choose(pressed ? 0 : +node.dataset.row, pressed ? 0 : +node.dataset.column);
  };
  root.onkeydown = (event) => {
    const node = event.target.closest('button');
    if (!node) return;
    if (event.key === 'Escape') {
      choose(0, 0);
      return;
    }
    const [i, j] = [+node.dataset.row, +node.dataset.column];
    const last = codes.length;
    const next = {
      ArrowRight: [i, Math.min(j + 1, last)], ArrowLeft: [i, Math.max(j - 1, i ? 0 : 1)],
      ArrowDown: [Math.min(i + 1, last), j], ArrowUp: [Math.max(i - 1, j ? 0 : 1), j],
      Home: [i, i ? 0 : 1], End: [i, last],
    }[event.key];
    if (!next) return;
    event.preventDefault();
    reach(at(...next));
    at(...next).focus();
  };
}
