// What stands in a sum: numbers, and small tables of them.
const MOST_NUMBERS = 5; // along the side of a table; larger ones are drawn as pixels

const short = (value) => {
  const text = Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
  return (+text === 0 ? '0' : text).replace('-', '−');
};

const inkOn = (color) => {
  const [red, green, blue] = color.map((part) => (part / 255) ** 2.2);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? '#000' : '#fff';
};

// A square of numbers; null is padding, and `marked` the place of the one that won.
const square = (values, side, limit, name, signed, marked = -1) => {
  const share = (place) => (values[place] ?? 0) / (limit || 1);
  if (side > MOST_NUMBERS) {
    const drawn = picture(side, side, share, signed);
    drawn.setAttribute('role', 'img');
    drawn.setAttribute('aria-label', `${name}, ${side}×${side} values`);
    return drawn;
  }
  const rows = [...Array(side).keys()].map((row) => el('tr', {},
    ...[...Array(side).keys()].map((column) => {
      const place = row * side + column, value = values[place];
      if (value === null) return el('td', { class: 'padding', title: 'padding' }, '0');
      const cell = el('td', place === marked ? { class: 'won' } : {}, short(value));
      const color = colorOf(share(place), signed);
      cell.style.background = `rgb(${color.map(Math.round).join(' ')})`;
      cell.style.color = inkOn(color);
      return cell;
    })));
  return el('table', { 'aria-label': name }, el('tbody', {}, ...rows));
};

const line = (name, ...parts) => el('div', { class: 'term' },
  el('span', { class: 'name' }, name), ...parts.map(
    (part) => (typeof part === 'string' ? el('span', {}, part) : part)));
