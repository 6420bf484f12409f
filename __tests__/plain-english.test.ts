import { TURNS, placesOf } from '../upstream/plain-english';

const places = placesOf();

it.each(Object.entries(TURNS))("'%s' is not used", (name, { plain }) => {
  const found = places.filter((place) => place.name === name);
  if (found.length > 0) {
    const lines = found.map(({ file, line, text }) => `${file}:${String(line)} ${text}`);
    throw new Error(`${String(found.length)} places. Write: ${plain}.\n${lines.join('\n')}`);
  }
});
