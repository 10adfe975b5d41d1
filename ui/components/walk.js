// The keys that lead from a tile of a grid to another one, which `reach` lets the Tab key find.
const walk = (event, tiles, place, reach) => {
  const below = tiles.findIndex((node) => node.offsetTop > tiles[0].offsetTop);
  const perRow = below < 0 ? tiles.length : below;
  const step = {
    ArrowRight: 1, ArrowLeft: -1, ArrowDown: perRow, ArrowUp: -perRow,
    Home: -tiles.length, End: tiles.length,
  }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = tiles[Math.max(0, Math.min(tiles.length - 1, place + step))];
  reach(next);
  next.focus();
};
