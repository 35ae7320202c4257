import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Throttles1790000000004 implements MigrationInterface {
  readonly name = 'Throttles1790000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE throttle_buckets (
        key text COLLATE "C" PRIMARY KEY,
        taken integer NOT NULL CHECK (taken >= 0),
        window_ends_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE login_networks (
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        network text NOT NULL,
        last_login_at timestamptz NOT NULL,
        PRIMARY KEY (user_id, network)
      )`);
    // All buckets or none, exactly, in one round trip. The insert makes missing rows and locks the others, in the
    // order of their keys so that two callers can't wait for each other; a row that has ended its window counts as new.
    await runner.query(`
      CREATE FUNCTION take_attempts(keys text[], limits integer[], windows_ms bigint[], at timestamptz)
        RETURNS TABLE (full_key text, retry_after_ms double precision)
        LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO throttle_buckets AS bucket (key, taken, window_ends_at)
          SELECT DISTINCT wanted.key COLLATE "C", 0, '-infinity'::timestamptz FROM unnest(keys) AS wanted (key) ORDER BY 1
          ON CONFLICT (key) DO UPDATE SET taken = bucket.taken;
        RETURN QUERY
          SELECT bucket.key::text, max((extract(epoch FROM bucket.window_ends_at - at) * 1000)::double precision)
            FROM throttle_buckets bucket
            JOIN unnest(keys, limits) AS wanted (key, most) ON wanted.key = bucket.key
            WHERE bucket.window_ends_at > at AND bucket.taken >= wanted.most
            GROUP BY bucket.key
            ORDER BY bucket.key;
        IF FOUND THEN
          RETURN;
        END IF;
        UPDATE throttle_buckets AS bucket
          SET taken = CASE WHEN bucket.window_ends_at > at THEN bucket.taken + 1 ELSE 1 END,
              window_ends_at = CASE
                WHEN bucket.window_ends_at > at THEN bucket.window_ends_at
                ELSE at + wanted.window_ms * interval '1 millisecond' END
          FROM unnest(keys, windows_ms) AS wanted (key, window_ms)
          WHERE wanted.key = bucket.key;
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP FUNCTION take_attempts(text[], integer[], bigint[], timestamptz)`);
    await runner.query(`DROP TABLE login_networks, throttle_buckets`);
  }
}
