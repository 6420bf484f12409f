import { describeSize, reportOf } from '../../lib/kubernetes/sizes';

test('a text is measured in UTF-8 bytes and identified by its hash', () => {
  expect(reportOf('')).toEqual({
    bytes: 0,
    gzipBytes: 20,
    sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  });
  const text = 'é\n'.repeat(1000);
  const report = reportOf(text);
  expect(report.bytes).toBe(3000);
  expect(report.gzipBytes).toBeLessThan(100);
  expect(reportOf(text)).toEqual(report);
});

test('sizes are printed in readable units', () => {
  expect([812, 1024, 55_603, 1_258_291].map(describeSize)).toEqual(['812 B', '1.0 KiB', '54.3 KiB', '1.2 MiB']);
});
