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
