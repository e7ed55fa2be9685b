import { BASH, ZSH } from '../completion/scripts.js';
import { completionsOf } from '../completion/words.js';
import type { CommandFile, Frame } from '../frame/frame.js';
import { withJson } from '../frame/options.js';

/** Scripts that have a shell complete commands, options, addresses and operations. */
export const completion: CommandFile = {
  declare(command, frame) {
    const { output } = frame;
    for (const [shell, script] of [
      ['bash', BASH],
      ['zsh', ZSH],
    ] as const) {
      withJson(command.command(shell))
        .description(`The script for ${shell}.`)
        .action(() => output.result({ shell, script }, script));
    }
    // What the scripts ask at each Tab.
    withJson(command.command('words', { hidden: true }))
      .argument('[words...]')
      .action((words: string[]) => complete(words, frame));
  },
};

async function complete(words: readonly string[], frame: Frame): Promise<void> {
  const found = await completionsOf(words, frame);
  await frame.output.result({ words: found }, found.map((word) => `${word}\n`).join(''));
}
