const SMALLEST = 0.85; // of its natural size: letters of 8.5 px
const ENLARGED = 1.7;
const PNG_SCALE = 2;
const LONGEST_SIDE = 8000; // px of a PNG; browsers refuse larger canvases
const NAMESPACE = 'image/svg+xml';

const states = new WeakMap(); // per picture: what is shown and how, kept over reruns

const isDark = (frame) => {
  const pencil = document.createElement('canvas').getContext('2d');
  pencil.fillStyle = getComputedStyle(frame).backgroundColor;
  pencil.fillRect(0, 0, 1, 1);
  const [red, green, blue] = pencil.getImageData(0, 0, 1, 1).data;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 128;
};

const parse = (text) => new DOMParser().parseFromString(text, NAMESPACE).documentElement;

const show = (frame, state) => {
  const text = isDark(frame) ? state.data.dark : state.data.light;
  if (text !== state.text) {
    state.text = text;
    frame.replaceChildren(document.adoptNode(parse(text)));
  }
  const svg = frame.firstElementChild;
  const { width } = svg.viewBox.baseVal;
  Object.assign(svg.style, state.enlarged
    ? { width: `${width * ENLARGED}px`, minWidth: '', maxWidth: 'none' }
    : { width: '100%', minWidth: `${width * SMALLEST}px`, maxWidth: `${width}px` });
};

const save = (blob, name) => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
};

const loaded = (url) => new Promise((resolve, reject) => {
  const image = new Image();
  image.onload = () => resolve(image);
  image.onerror = () => reject(new Error('The drawing could not be read.'));
  image.src = url;
});

const toPng = async (text, background) => {
  const svg = parse(text);
  const { width, height } = svg.viewBox.baseVal;
  const scale = Math.min(PNG_SCALE, LONGEST_SIDE / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  svg.setAttribute('width', canvas.width); // without a size of its own, Firefox draws nothing
  svg.setAttribute('height', canvas.height);
  const whole = new Blob([new XMLSerializer().serializeToString(svg)], { type: NAMESPACE });
  const url = URL.createObjectURL(whole);
  try {
    const pencil = canvas.getContext('2d');
    pencil.fillStyle = background;
    pencil.fillRect(0, 0, canvas.width, canvas.height);
    pencil.drawImage(await loaded(url), 0, 0, canvas.width, canvas.height);
  } finally {
    URL.revokeObjectURL(url);
  }
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob
    ? resolve(blob)
    : reject(new Error('The drawing is too large for a PNG. Take the SVG.'))), 'image/png'));
};

export default function ({ parentElement, data }) {
  const find = (selector) => parentElement.querySelector(selector);
  const frame = find('.frame');
  const state = states.get(parentElement) ?? { enlarged: false };
  states.set(parentElement, Object.assign(state, { data }));
  frame.setAttribute('aria-label', data.alt);
  show(frame, state);

  frame.ontransitionend = () => show(frame, state);
  find('[data-act=zoom]').onclick = ({ currentTarget }) => {
    state.enlarged = !state.enlarged;
    currentTarget.setAttribute('aria-pressed', state.enlarged);
    show(frame, state);
  };
  find('[data-act=svg]').onclick = () => {
    save(new Blob([state.text], { type: NAMESPACE }), `${state.data.file_name}.svg`);
  };
  find('[data-act=png]').onclick = () => {
    const problem = find('.problem');
    problem.hidden = true;
    toPng(state.text, getComputedStyle(frame).backgroundColor)
      .then((blob) => save(blob, `${state.data.file_name}.png`))
      .catch((error) => {
        problem.textContent = error.message;
        problem.hidden = false;
      });
  };
}
