// Moving a card by mouse, pen or finger: it follows, the others make room, Escape cancels.

const EDGE = 72; // pixels from the edge of the window within which the page scrolls along

const scrollerOf = (node) => {
  for (let here = node; here; here = here.parentNode ?? here.host) {
    if (!(here instanceof Element)) continue;
    const scrolls = /auto|scroll/.test(getComputedStyle(here).overflowY);
    if (scrolls && here.scrollHeight > here.clientHeight) return here;
  }
  return document.scrollingElement;
};

const startDrag = (stack, card, down) => {
  if (down.button !== 0 || stack.drag) return;
  const items = stack.items(), from = items.indexOf(card.node);
  const tops = items.map((item) => item.offsetTop), sizes = items.map((item) => item.offsetHeight);
  const scroller = scrollerOf(stack.list), scrolled = scroller.scrollTop;
  const slot = el('div', { class: 'slot' });
  const end = tops.at(-1) + sizes.at(-1);
  let to = from, y = down.clientY, frame = 0, moving = false;

  const place = () => {
    const wanted = y - down.clientY + scroller.scrollTop - scrolled;
    const by = Math.max(-tops[from], Math.min(wanted, end - tops[from] - sizes[from]));
    const top = tops[from] + by, bottom = top + sizes[from];
    const middle = (at) => tops[at] + sizes[at] / 2;
    to = from + items.filter((_, at) => at > from && middle(at) < bottom).length
      - items.filter((_, at) => at < from && middle(at) > top).length;
    card.node.style.transform = `translateY(${by}px)`;
    items.forEach((item, at) => {
      if (at === from) return;
      const room = at > from && at <= to ? -sizes[from] : at < from && at >= to ? sizes[from] : 0;
      item.style.transform = room ? `translateY(${room}px)` : '';
    });
    slot.style.top = `${to > from ? tops[to] + sizes[to] - sizes[from] : tops[to]}px`;
  };
  const scrollAlong = () => {
    const box = scroller.getBoundingClientRect();
    const top = Math.max(0, box.top), bottom = Math.min(window.innerHeight, box.bottom);
    const by = y < top + EDGE ? y - top - EDGE : Math.max(0, y - bottom + EDGE);
    if (by) {
      scroller.scrollTop += Math.max(-18, Math.min(18, by / 3));
      place();
    }
    frame = requestAnimationFrame(scrollAlong);
  };
  const begin = () => {
    moving = true;
    stack.tooltip.hide();
    stack.list.classList.add('sorting');
    card.node.classList.add('dragged');
    slot.style.height = `${sizes[from]}px`;
    stack.list.append(slot);
    frame = requestAnimationFrame(scrollAlong);
  };
  const move = (event) => {
    if (event.pointerId !== down.pointerId) return;
    y = event.clientY;
    if (!moving && Math.abs(y - down.clientY) > 4) begin();
    if (moving) place();
  };
  const finish = (keep) => {
    for (const [name, listener] of Object.entries(listeners)) {
      document.removeEventListener(name, listener, true);
    }
    cancelAnimationFrame(frame);
    stack.drag = null;
    const before = stack.places();
    slot.remove();
    stack.list.classList.remove('sorting');
    card.node.classList.remove('dragged');
    for (const item of items) item.style.transform = '';
    if (keep && moving && to !== from) stack.move(card, to, before);
    else stack.render(before);
    if (moving) card.handle.focus({ preventScroll: true });
  };
  const listeners = {
    pointermove: move,
    pointerup: (event) => { if (event.pointerId === down.pointerId) finish(true); },
    pointercancel: (event) => { if (event.pointerId === down.pointerId) finish(false); },
    keydown: (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      finish(false);
    },
  };
  for (const [name, listener] of Object.entries(listeners)) {
    document.addEventListener(name, listener, true);
  }
  stack.drag = finish;
};
