import { describe, expect, test } from '@jest/globals';
import { OperatorError } from '../../src/core/errors.ts';
import { cookieProfile } from '../../src/sessions/cookie-profile.ts';

describe('the cookie profile', () => {
  test('https gives __Host- names and Secure', () => {
    const profile = cookieProfile(new URL('https://login.example.com'));
    expect(profile.sessionName).toBe('__Host-portcullis');
    expect(profile.nameOf('visitor')).toBe('__Host-portcullis-visitor');
    expect(profile.attributes).toEqual({
      httpOnly: true,
      sameSite: 'lax',
      path: '/',
      secure: true,
      signed: false,
      overwrite: true,
    });
  });

  test.each([
    'http://localhost:4000',
    'http://app.localhost',
    'http://127.0.0.1',
    'http://127.8.9.1:80',
    'http://[::1]:1',
  ])('%s gives plain names', (url) => {
    const profile = cookieProfile(new URL(url));
    expect(profile.sessionName).toBe('portcullis');
    expect(profile.secure).toBe(false);
  });

  test.each([
    'http://login.example.com',
    'http://localhost.example.com',
    'http://notlocalhost',
    'http://192.168.1.4',
    'http://0.0.0.0',
    'http://127.0.0.1.example.com',
  ])('%s is refused with what to do', (url) => {
    expect(() => cookieProfile(new URL(url))).toThrow(OperatorError);
    expect(() => cookieProfile(new URL(url))).toThrow(/https/);
  });
});
