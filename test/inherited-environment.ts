const services = new Set(['DATABASE_URL', 'REDIS_URL']);

/** What a process that a test starts inherits: not the services that the tests were given, nor is it asked which they are. */
export const inheritedEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => !services.has(name))
      .map((name) => [name, process.env[name]]),
  );
