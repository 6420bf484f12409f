import { runProgram } from './program';

// `| head` reads no more.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

void runProgram(process.argv.slice(2)).then((exit) => {
  process.exitCode = exit;
});
