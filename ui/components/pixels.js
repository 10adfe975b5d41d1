// Bytes from the server, and colours: 0 is black, what is positive white or orange, negative blue.
const NEGATIVE = [121, 170, 255], POSITIVE = [240, 160, 107], WHITE = [255, 255, 255];

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const floats = (text) => new Float32Array(bytes(text).buffer);

const CURVE = 0.6; // of signed colours: small values are still seen beside black

const colorOf = (share, signed) => {
  const end = share < 0 ? NEGATIVE : signed ? POSITIVE : WHITE;
  const bright = Math.min(1, Math.abs(share)) ** (signed ? CURVE : 1);
  return end.map((part) => part * bright);
};

// Values share[0], share[1], … row by row, each in [-1, 1], one pixel each.
const picture = (height, width, shareAt, signed) => {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const pencil = canvas.getContext('2d');
  const image = pencil.createImageData(width, height);
  for (let place = 0; place < height * width; place += 1) {
    image.data.set([...colorOf(shareAt(place), signed), 255], 4 * place);
  }
  pencil.putImageData(image, 0, 0);
  return canvas;
};

// A scale as a picture, from 0 or the most negative value to the most positive one.
const scaleBar = (signed) => {
  const bar = picture(1, 101, (place) => (signed ? place / 50 - 1 : place / 100), signed);
  bar.className = 'bar';
  bar.setAttribute('aria-hidden', 'true');
  return bar;
};

const written = (value) => {
  const size = Math.abs(value);
  const text = !value ? '0' : size >= 0.001 && size < 10000
    ? value.toPrecision(size >= 1000 ? 4 : 3) : value.toExponential(1);
  return text.replaceAll('-', '−');
};
