// What every part of the stack is made of: texts, icons, and the one tooltip.

const setText = (node, text) => {
  if (node.textContent !== text) node.textContent = text;
};

// Puts these nodes into a parent, in this order, without touching those that stand right already.
const arrange = (parent, nodes) => {
  const wanted = new Set(nodes);
  for (const node of [...parent.children]) if (!wanted.has(node)) node.remove();
  let here = parent.firstElementChild;
  for (const node of nodes) {
    if (node === here) here = here.nextElementSibling;
    else parent.insertBefore(node, here);
  }
};

const ICONS = {
  grip: 'M9 5h.01M9 12h.01M9 19h.01M15 5h.01M15 12h.01M15 19h.01',
  up: 'M12 19V5m-6 6 6-6 6 6',
  down: 'M12 5v14m-6-6 6 6 6-6',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  remove: 'M6 6l12 12M18 6 6 18',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  chevron: 'm6 9 6 6 6-6',
  alert: 'M12 8v5m0 3.5v.01M10.3 3.9 2.4 17.5A2 2 0 0 0 4.1 20.5h15.8a2 2 0 0 0 1.7-3L13.7 3.9a2 2 0 0 0-3.4 0z',
  bulb: 'M9 18h6m-5 3h4M12 3a6 6 0 0 0-3.6 10.8c.8.6 1.1 1.3 1.1 2.2h5c0-.9.3-1.6 1.1-2.2A6 6 0 0 0 12 3z',
  wait: 'M12 7v5l3 2m6-2a9 9 0 1 1-18 0 9 9 0 0 1 18 0z',
  search: 'm20 20-4.5-4.5m2.5-5a7 7 0 1 1-14 0 7 7 0 0 1 14 0z',
  keyboard: 'M3 6h18v12H3zM7 10h.01M12 10h.01M17 10h.01M8 14h8',
};

const icon = (name) => {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', `icon icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
};

const iconButton = (name, label, onclick, more = {}) =>
  el('button', { type: 'button', class: 'tool', 'aria-label': label, onclick, ...more }, icon(name));

const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
const isTouch = () => matchMedia('(pointer: coarse)').matches;

// Puts something of the top layer below a node, or above it where there is no room.
const placeBy = (floating, anchor) => {
  const box = anchor.getBoundingClientRect(), own = floating.getBoundingClientRect();
  const room = { x: document.documentElement.clientWidth, y: window.innerHeight };
  const above = box.bottom + own.height + 12 > room.y && box.top > own.height + 12;
  floating.style.left = `${Math.max(8, Math.min(box.left, room.x - own.width - 8))}px`;
  floating.style.top = `${above ? box.top - own.height - 6 : box.bottom + 6}px`;
};

// One tooltip for all nodes with data-tip: by hovering, by keyboard focus, or by a tap on a strip.
class Tooltip {
  constructor(root) {
    this.node = el('div', { class: 'tip', popover: 'manual', role: 'tooltip' });
    root.append(this.node);
    const near = (event) => event.target.closest?.('[data-tip]');
    root.addEventListener('pointerover', (event) => {
      if (event.pointerType === 'touch' || this.node.contains(event.target)) return;
      const target = near(event);
      if (target !== this.target) this.wait(target, this.target ? 60 : 350);
    });
    root.addEventListener('pointerleave', () => this.wait(null, 100));
    root.addEventListener('focusin', (event) => {
      const target = near(event);
      const keyboard = root.dataset.by === 'keyboard' && target?.matches(':focus-visible');
      if (keyboard && !target.matches('.handle')) this.show(target);
      else this.hide();
    });
    root.addEventListener('focusout', () => this.hide());
    root.addEventListener('input', () => this.hide());
    root.addEventListener('pointerdown', (event) => {
      root.dataset.by = 'pointer';
      if (!this.node.contains(event.target)) this.hide();
    });
    root.addEventListener('click', (event) => {
      const target = event.target.closest?.('[data-tap-tip]');
      if (target) this.show(target);
    });
    root.addEventListener('keydown', (event) => {
      root.dataset.by = 'keyboard';
      if (event.key === 'Escape') this.hide();
    }, true);
    this.onscroll = () => this.hide();
    window.addEventListener('scroll', this.onscroll, { capture: true, passive: true });
  }

  wait(target, delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (target?.isConnected ? this.show(target) : this.hide()), delay);
  }

  show(target) {
    clearTimeout(this.timer);
    if (!target.dataset.tip || !this.node.isConnected) return;
    this.target = target;
    setText(this.node, target.dataset.tip);
    this.node.showPopover();
    placeBy(this.node, target);
  }

  hide() {
    clearTimeout(this.timer);
    this.target = null;
    if (this.node.matches(':popover-open')) this.node.hidePopover();
  }

  destroy() {
    clearTimeout(this.timer);
    window.removeEventListener('scroll', this.onscroll, { capture: true });
  }
}
