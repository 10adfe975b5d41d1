// Colours are written #rrggbb. Luminance is that of WCAG 2.2, in [0, 1].
const parts = (color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16) / 255);
const luminance = (rgb) => {
  const linear = (value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const [r, g, b] = rgb.map(linear);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const brightness = (color) => luminance(parts(color));

// From one colour to another; on each cell black or white, whichever has more contrast.
const heat = (trace, from, to) => {
  const [low, high] = [parts(from), parts(to)];
  const ink = (value) => {
    const share = (value - trace.zmin) / (trace.zmax - trace.zmin);
    const light = luminance(low.map((part, at) => part + share * (high[at] - part)));
    return (light + 0.05) ** 2 > 1.05 * 0.05 ? '#000' : '#fff';
  };
  const text = trace.text.map((line, y) => line.map((words, x) =>
    words && words.split('<br>').map((part) =>
      `<span style="color: ${ink(trace.z[y][x])}">${part}</span>`).join('<br>')));
  return { ...trace, text, colorscale: [[0, from], [1, to]] };
};

// Puts the colours of a page into a figure: `theme` tells those by name. A trace's meta.color is a
// place among the chart colours, or a pair: on light, on dark.
const themed = (figure, theme) => {
  const colors = theme('chart-categorical-colors').split(',');
  const grid = { gridcolor: theme('border-color-light'), zerolinecolor: theme('border-color') };
  const layout = {
    ...figure.layout, autosize: true, paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)',
    colorway: colors, font: { color: theme('text-color'), family: theme('font'), size: 12 },
    hoverlabel: { bgcolor: theme('secondary-background-color'),
                  bordercolor: theme('border-color'), font: { color: theme('text-color') } },
  };
  for (const axis of Object.keys(layout).filter((name) => /^[xy]axis/.test(name))) {
    layout[axis] = { ...grid, ...layout[axis] };
  }
  for (const shape of layout.shapes ?? []) shape.line.color = theme('text-color');
  const dark = brightness(theme('background-color')) < 0.18;
  const data = figure.data.map((trace) => {
    const named = trace.meta.color;
    const color = Array.isArray(named) ? named[dark ? 1 : 0] : colors[named];
    if (trace.type === 'heatmap') return heat(trace, theme('secondary-background-color'), color);
    return { ...trace, line: { ...trace.line, color }, marker: { ...trace.marker, color } };
  });
  return { data, layout };
};
