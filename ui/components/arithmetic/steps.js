// How each kind of layer makes a value: the value before the activation, and what is written of it.
const SHOWN = 3; // input channels with their squares
const SHOWN_SINGLE = 8; // where each channel is one number

const at = ({ shape, values }, ...place) => values[
  place.reduce((sum, each, axis) => sum * shape[axis] + each, 0)];

// Places of the input that a place of the output sees, row by row; null for padding.
const seenPlaces = ({ side, stride, dilation, in_front, input }, row, column) => {
  const found = [], [height, width] = input.shape;
  for (let i = 0; i < side; i += 1) {
    for (let j = 0; j < side; j += 1) {
      const y = row * stride + i * dilation - in_front, x = column * stride + j * dilation - in_front;
      found.push(y >= 0 && y < height && x >= 0 && x < width ? [y, x] : null);
    }
  }
  return found;
};

const weighted = (data, row, column) => {
  const { side, input, kernel, channels, bias, rest, unit } = data;
  const places = seenPlaces(data, row, column), number = channels.values.length;
  const weight = (place, channel) => kernel.values[place * number + channel];
  const parts = Array.from({ length: number }, (_, channel) => places.reduce(
    (sum, place, each) => sum + (place ? at(input, ...place, channel) * weight(each, channel) : 0), 0));
  const ranked = [...parts.keys()].sort((a, b) => Math.abs(parts[b]) - Math.abs(parts[a]));
  const top = ranked.slice(0, side > 1 ? SHOWN : SHOWN_SINGLE);
  const others = ranked.slice(top.length).reduce((sum, each) => sum + parts[each], 0)
    + at(rest, row, column);
  const before = top.reduce((sum, each) => sum + parts[each], 0) + others + bias.values[0];
  const limit = Math.max(...kernel.values.map(Math.abs));
  const nodes = top.map((channel) => {
    const name = data.arriving > 1 ? `${unit} ${channels.values[channel]}` : unit;
    const patch = places.map((place) => place && at(input, ...place, channel));
    if (side === 1) {
      return line(name, `${written(patch[0] ?? 0)} × ${written(weight(0, channel))}`,
        `= ${written(parts[channel])}`);
    }
    const weights = places.map((_, each) => weight(each, channel));
    return line(name, square(patch, side, data.largest, 'Patch', data.signed), '×',
      square(weights, side, limit, 'Kernel', true), `= ${written(parts[channel])}`);
  });
  const left = data.arriving - top.length;
  if (left > 0) nodes.push(line(`${left} other${left > 1 ? 's' : ''}`, `together ${written(others)}`));
  return { before, nodes: [...nodes, line('bias', written(bias.values[0]))] };
};

const pooled = (data, row, column) => {
  const places = seenPlaces(data, row, column);
  const values = places.map((place) => place && at(data.input, ...place, 0));
  const inside = values.filter((value) => value !== null);
  const highest = data.how === 'max';
  const before = highest ? inside.reduce((best, value) => Math.max(best, value))
    : inside.reduce((sum, value) => sum + value, 0) / inside.length;
  const won = highest ? values.indexOf(before) : -1;
  const where = highest ? `the largest, at row ${places[won][0]}, column ${places[won][1]}`
    : `the mean of ${inside.length}`;
  return { before, nodes: [line(data.unit,
    square(values, data.side, data.largest, 'Window', data.signed, won), `${where}: ${written(before)}`)] };
};

const scaled = ({ input, mean, deviation, factor, offset, unit }, row, column) => {
  const [x, middle, spread] = [input, mean, deviation].map((each) => at(each, row, column));
  const [gamma, beta] = [factor.values[0], offset.values[0]];
  return { before: (x - middle) / spread * gamma + beta, nodes: [
    line(unit, written(x)), line('minus mean', written(middle)),
    line('divided by deviation', written(spread)), line('times scale', written(gamma)),
    line('plus offset', written(beta))] };
};

const added = ({ input, units }, row, column) => {
  const values = units.map((_, each) => at(input, row, column, each));
  return { before: values.reduce((sum, value) => sum + value),
    nodes: values.map((value, each) => line(units[each], written(value))) };
};

const passed = ({ before, passes }, row, column) => {
  const value = at(before, row, column);
  return { before: value, nodes: [line(passes, written(value))] };
};

const STEPS = { weighted, pooled, scaled, added, passed };

// What the activation makes of it; curves that JavaScript lacks are taken from the network.
const bent = (data, before, row, column) => {
  const { activation, slope = 0.2 } = data, given = at(data.output, row, column);
  if (activation === 'softmax') {
    const [highest, total] = [at(data.highest, row, column), at(data.total, row, column)];
    const share = Math.exp(before - highest) / total;
    return { after: share, text: `exp(${written(before)} − ${written(highest)}) / `
      + `${written(total)} = ${written(share)}`,
    note: 'The largest number is taken off first, so that no power overflows; '
      + 'what is divided by is the sum over all channels.' };
  }
  const curves = { linear: (x) => x, relu: (x) => Math.max(x, 0),
    leaky_relu: (x) => (x > 0 ? x : slope * x), tanh: Math.tanh,
    sigmoid: (x) => 1 / (1 + Math.exp(-x)), silu: (x) => x / (1 + Math.exp(-x)),
    elu: (x) => (x > 0 ? x : Math.expm1(x)) };
  const after = curves[activation] ? curves[activation](before) : given;
  return { after, text: activation === 'linear' ? ''
    : `${activation}(${written(before)}) = ${written(after)}` };
};
