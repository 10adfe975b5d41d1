const MARGIN = 16; // pixels around the points
const DOT = 2.1; // pixels, radius; larger where the map is drawn larger
const FAINT = 0.13; // of what is not chosen, while something is

const shorts = (text) => new Uint16Array(bytes(text).buffer);
const ints = (text) => new Int32Array(bytes(text).buffer);

// What the server sends, as arrays: the first group of a point is 0.
const unpack = (data) => {
  const points = shorts(data.points), index = ints(data.index);
  return { points, index, group: bytes(data.group), truth: bytes(data.truth),
    taken: data.taken ? bytes(data.taken) : null, length: index.length };
};

const boundsOf = ({ points, length }, has) => {
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (let at = 0; at < length; at += 1) {
    if (!has(at)) continue;
    const [x, y] = [points[2 * at], points[2 * at + 1]];
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
  }
  return box;
};

// Places of points in pixels, for a box of the map in the middle of a sheet; y grows upwards there.
const project = ({ points, length }, box, width, height) => {
  const [across, down] = [box.right - box.left || 1, box.bottom - box.top || 1];
  const scale = Math.min((width - 2 * MARGIN) / across, (height - 2 * MARGIN) / down);
  const [x0, y0] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  const places = new Float32Array(2 * length);
  for (let at = 0; at < length; at += 1) {
    places[2 * at] = width / 2 + (points[2 * at] - x0) * scale;
    places[2 * at + 1] = height / 2 - (points[2 * at + 1] - y0) * scale;
  }
  return places;
};

const pencilOf = (canvas) => {
  const { clientWidth: width, clientHeight: height } = canvas, ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const pencil = canvas.getContext('2d');
  pencil.scale(ratio, ratio);
  return pencil;
};

// One path a group, shade and turn, as the pencil is slow to change its colour; in several turns
// no group covers all others.
const drawPoints = (canvas, { places, group, length }, groups, { shown, chosen, size, turns }) => {
  const pencil = pencilOf(canvas), radius = DOT * size;
  const shades = chosen.size ? [[FAINT, false], [1, true]] : [[0.8, null]];
  const rounds = shades.flatMap((shade) => [...Array(turns).keys()].map((turn) => [...shade, turn]));
  for (const [alpha, wanted, turn] of rounds) {
    pencil.globalAlpha = alpha;
    groups.forEach(({ color, square }, number) => {
      pencil.fillStyle = color;
      pencil.beginPath();
      for (let at = turn; at < length; at += turns) {
        if (group[at] !== number || !shown(at)) continue;
        if (wanted !== null && chosen.has(at) !== wanted) continue;
        const [x, y] = [places[2 * at], places[2 * at + 1]];
        pencil.moveTo(x + radius, y);
        if (square) pencil.rect(x - radius, y - radius, 2 * radius, 2 * radius);
        else pencil.arc(x, y, radius, 0, 7);
      }
      pencil.fill();
    });
  }
};

// The same as text, for a file: groups one above the other, what is hidden left out.
const svgOf = ({ places, group, length }, groups, { shown, size, width, height, paper }) => {
  const radius = DOT * size, round = (value) => value.toFixed(1);
  const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  const drawn = groups.map(({ name, color, square }, number) => {
    const marks = [`<g fill="${color}" fill-opacity="0.8"><title>${escaped(name)}</title>`];
    for (let at = 0; at < length; at += 1) {
      if (group[at] !== number || !shown(at)) continue;
      const [x, y] = [places[2 * at], places[2 * at + 1]], side = round(2 * radius);
      marks.push(square
        ? `<rect x="${round(x - radius)}" y="${round(y - radius)}" width="${side}" height="${side}"/>`
        : `<circle cx="${round(x)}" cy="${round(y)}" r="${round(radius)}"/>`);
    }
    return `${marks.join('')}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">`
    + `<rect width="${width}" height="${height}" fill="${paper}"/>${drawn.join('')}</svg>`;
};

const drawOver = (canvas, { ring, line, current, ink, paper }) => {
  const pencil = pencilOf(canvas);
  const stroke = (width, style, draw) => {
    Object.assign(pencil, { lineWidth: width, strokeStyle: style });
    pencil.beginPath();
    draw();
    pencil.stroke();
  };
  if (current) {
    const cross = () => {
      pencil.arc(...current, 8, 0, 7);
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        pencil.moveTo(current[0] + 5 * dx, current[1] + 5 * dy);
        pencil.lineTo(current[0] + 13 * dx, current[1] + 13 * dy);
      }
    };
    stroke(5, paper, cross);
    stroke(2, ink, cross);
  }
  if (ring) stroke(1.5, ink, () => pencil.arc(ring.x, ring.y, ring.radius, 0, 7));
  if (line.length > 1) {
    pencil.setLineDash([5, 3]);
    stroke(1.5, ink, () => line.forEach(([x, y], at) => pencil[at ? 'lineTo' : 'moveTo'](x, y)));
  }
};

// Whether a point lies within a closed line: a ray from it crosses the line an odd number of times.
const within = (line, x, y) => {
  let inside = false;
  for (let at = 0, before = line.length - 1; at < line.length; before = at, at += 1) {
    const [[x1, y1], [x2, y2]] = [line[at], line[before]];
    if ((y1 > y) !== (y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
};
