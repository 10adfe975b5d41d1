export default function ({ parentElement, data }) {
  parentElement.querySelector('.neighbours').replaceChildren(...neighbours(data));
}
