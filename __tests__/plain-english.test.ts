import { TURNS, placesOf } from '../upstream/plain-english';

const places = placesOf();

/** Turns that are not all gone yet, with the number of places: it may only fall. */
const STILL: Readonly<Record<string, number>> = {
  'asked for': 2,
  'hand over': 1,
  'is no X': 8,
  'is said': 13,
  somebody: 12,
  speaks: 1,
  'stands for': 1,
  tells: 3,
  'tells of': 1,
  told: 15,
};

it.each(Object.entries(TURNS))("'%s' is not used", (name, { plain }) => {
  const found = places.filter((place) => place.name === name);
  const most = STILL[name] ?? 0;
  if (found.length > most) {
    const lines = found.map(({ file, line, text }) => `${file}:${String(line)} ${text}`);
    throw new Error(`${String(found.length)} places, ${String(most)} allowed. Write: ${plain}.\n${lines.join('\n')}`);
  }
});
