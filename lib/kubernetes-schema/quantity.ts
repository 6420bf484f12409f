/** Amounts of resources, as Kubernetes reads them: https://pkg.go.dev/k8s.io/apimachinery/pkg/api/resource#Quantity */

const GRAMMAR = /^([+-]?)(\d+\.?\d*|\.\d+)(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]?|[eE][+-]?\d+)$/;
const FACTORS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((suffix, i) => [suffix, 1024 ** (i + 1)])),
  ...Object.fromEntries(
    ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'].map((suffix, i) => [suffix, 1000 ** (i - 3)]),
  ),
};

/** Reads `100m`, `1.5Gi`, `1e3`, or a plain number; `undefined` for anything else. Large ones are rounded, so it is for comparing. */
export function quantityOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const [whole, sign, digits = '', suffix = ''] = GRAMMAR.exec(value) ?? [];
  if (whole === undefined) return undefined;
  const factor =
    /^[eE]./.test(suffix) && FACTORS[suffix] === undefined ? 10 ** Number(suffix.slice(1)) : (FACTORS[suffix] ?? 1);
  return (sign === '-' ? -1 : 1) * Number(digits) * factor;
}

const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];

/** As the API server writes an amount: `1` for `1000m`, `1Gi` for `1024Mi`. Amounts with an exponent, and other text, stay as they are. */
export function canonicalQuantity(value: string | number): string {
  const [whole, , , suffix = ''] = GRAMMAR.exec(String(value)) ?? [];
  if (whole === undefined || /^[eE]./.test(suffix)) return String(value);
  const [suffixes, step] = suffix.endsWith('i') ? [BINARY, 1024] : [DECIMAL, 1000];
  let amount = quantityOf(value) ?? 0;
  // From the smallest unit upwards; a fraction of bytes is rounded up, as Kubernetes does.
  let at = 0;
  if (suffixes === DECIMAL) amount = Math.round(amount * 1e9);
  else amount = Math.ceil(amount);
  if (amount === 0) return '0';
  while (amount % step === 0 && at < suffixes.length - 1) {
    amount /= step;
    at += 1;
  }
  return `${String(amount)}${suffixes[at] ?? ''}`;
}
