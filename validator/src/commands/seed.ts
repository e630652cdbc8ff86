/** `kv seed`: the seeds that a policy's secret leads to, and what to publish of it. */
import {Command} from 'commander';
import {resolveFromCaller} from '../caller-folder.ts';
import {readSecret} from '../policy/policy.ts';
import {commitment, studentSeed} from '../policy/student-seed.ts';

interface SeedFlags {
  readonly secretFile: string;
  readonly student?: readonly string[];
}

const HELP = `
Publish the hash before the deadline, and the secret after it: then everybody
can see that no seed was chosen.

Example:
  head -c 32 /dev/urandom > secret
  kv seed --secret-file secret
  kv seed --secret-file secret --student ada grace
`;

export function seedCommand(): Command {
  return new Command('seed')
    .description("Show a secret's hash, and the seeds of students.")
    .requiredOption('--secret-file <file>', 'the file that secretFile of a policy names')
    .option('--student <name...>', 'whose seeds')
    .addHelpText('after', HELP)
    .action(({secretFile, student = []}: SeedFlags) => {
      const secret = readSecret(resolveFromCaller(secretFile));
      const lines = [
        `SHA-256 of the secret: ${commitment(secret)}`,
        ...student.map((name) => `${name}: --seed ${studentSeed(secret, name)}`),
      ];
      process.stdout.write(`${lines.join('\n')}\n`);
    });
}
