const LONGEST = 1600; // pixels: more would only take longer to send
const NOTHING = 'There is no picture in the clipboard. Copy one, then paste it here.';
const REFUSED = 'The browser does not let this page read the clipboard. Click here and press Ctrl+V or ⌘V.';

const reduced = async (blob) => {
  const image = await createImageBitmap(blob);
  const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(scale * image.width));
  canvas.height = Math.max(1, Math.round(scale * image.height));
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png');
};

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector('.paste');
  const say = (text) => { root.querySelector('p').textContent = text; };
  const send = (blob) => {
    if (!blob) {
      say(NOTHING);
      return;
    }
    say('');
    reduced(blob).then((png) => setTriggerValue('pasted', png)).catch(() => say(NOTHING));
  };
  if (!root.hasChildNodes()) {
    root.append(el('button', { type: 'button' }, data.label), el('p', { role: 'status' }));
  }
  root.onpaste = (event) => {
    const items = [...(event.clipboardData?.items ?? [])];
    send(items.find(({ type }) => type.startsWith('image/'))?.getAsFile());
    event.preventDefault();
  };
  root.querySelector('button').onclick = async () => {
    try {
      const items = await navigator.clipboard.read();
      const item = items.find(({ types }) => types.some((type) => type.startsWith('image/')));
      send(item && await item.getType(item.types.find((type) => type.startsWith('image/'))));
    } catch {
      say(REFUSED);
    }
  };
}
