import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';

const page = readFileSync(join(resolve(import.meta.dirname, '../..'), 'docs/operations.md'), 'utf8');

test('nginx takes the configuration that docs/operations.md shows', () => {
  const [, shown = ''] = /```nginx\n([\s\S]+?)```/.exec(page) ?? [];
  expect(shown).toContain('proxy_pass http://portcullis;');
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-nginx-example-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...['-keyout', key, '-out', certificate, '-subj', '/CN=localhost'],
    ],
    { stdio: 'ignore' },
  );
  const example = shown
    .replace(/ssl_certificate +\S+;/, `ssl_certificate ${certificate};`)
    .replace(/ssl_certificate_key +\S+;/, `ssl_certificate_key ${key};`);
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, `pid ${folder}/pid;\nevents {}\nhttp {\n${example}\n}\n`);
  const nginx = process.env['NGINX'] ?? '/usr/sbin/nginx';
  expect(() =>
    execFileSync(nginx, ['-t', '-q', '-c', file, '-e', join(folder, 'error.log')], { stdio: 'pipe' }),
  ).not.toThrow();
  // A word that nginx does not know is refused, so that the line above says something.
  writeFileSync(file, `pid ${folder}/pid;\nevents {}\nhttp {\n${example}\nproxy_pas x;\n}\n`);
  expect(() =>
    execFileSync(nginx, ['-t', '-q', '-c', file, '-e', join(folder, 'error.log')], { stdio: 'pipe' }),
  ).toThrow(/proxy_pas/);
  rmSync(folder, { recursive: true });
});
