
const theme = (name) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const draw = () => {
  for (const place of document.querySelectorAll('[data-figure]')) {
    const data = JSON.parse(document.getElementById(place.dataset.figure).textContent);
    const figure = themed(data, theme);
    Plotly.react(place, figure.data, figure.layout, { displayModeBar: false, responsive: true });
  }
};

// Paper is white, whatever the screen is.
addEventListener('beforeprint', () => {
  document.documentElement.dataset.print = '';
  draw();
});
addEventListener('afterprint', () => {
  delete document.documentElement.dataset.print;
  draw();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);

const number = (text) => {
  const found = text.replaceAll(',', '').replace('−', '-').match(/^[+-]?\d+(\.\d+)?/);
  return found ? +found[0] : null;
};
const sort = (table, heading) => {
  const body = table.tBodies[0];
  const column = heading.cellIndex;
  const down = heading.getAttribute('aria-sort') !== 'descending';
  const key = (row) => {
    const text = row.cells[column].textContent;
    return number(text) ?? text;
  };
  const rows = [...body.rows].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    const order = typeof x === 'number' && typeof y === 'number'
      ? x - y : String(x).localeCompare(String(y));
    return down ? -order : order;
  });
  body.append(...rows);
  for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
  heading.setAttribute('aria-sort', down ? 'descending' : 'ascending');
};
for (const table of document.querySelectorAll('table[data-sortable]')) {
  for (const heading of table.tHead.rows[0].cells) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = heading.textContent;
    button.onclick = () => sort(table, heading);
    heading.replaceChildren(button);
  }
}
draw();
