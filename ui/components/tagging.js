// Tags of images as the server knows them, with changes made here of which it has not heard yet.
// A message holds all of these: two quick ones may arrive as the second alone.
const tagging = (root, { words, tagged, heard }, setStateValue) => {
  root.changes = (root.changes ?? []).filter(({ at }) => at > heard);
  const has = (image, word) => {
    const last = root.changes.findLast((each) => each.image === image && each.word === word);
    return last ? last.on : (tagged[image] ?? []).includes(word);
  };
  const toggle = (image, word) => {
    const before = root.changes.at(-1)?.at ?? heard;
    const at = Math.max(Date.now(), before + 1);
    root.changes.push({ image, word, on: !has(image, word), at });
    setStateValue('tagged', { changes: [...root.changes] });
  };
  // The word that a pressed key stands for, if any.
  const wordOf = ({ key, ctrlKey, altKey, metaKey }) =>
    (/^[1-9]$/.test(key) && !ctrlKey && !altKey && !metaKey ? words[key - 1] : undefined);
  return { words, has, toggle, wordOf };
};
