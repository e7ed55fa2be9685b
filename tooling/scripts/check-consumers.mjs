// Tries the packed packages as users have them: in every supported Node, as ES modules and CommonJS, under jest, with the
// oldest and the newest TypeScript.
import { makeConsumer } from './compat/consumer.mjs';
import { promised, toolsFolder } from './compat/tools.mjs';
import { compilePrograms, failureOf, jestTrial, nodeTrials, typeScriptTrials } from './compat/trials.mjs';

const places = { consumer: await makeConsumer(), tools: await toolsFolder(promised) };
await compilePrograms(places);
const trials = [...nodeTrials(places), jestTrial(places, '29'), ...typeScriptTrials(places)];
for (const trial of trials) {
  const failure = await failureOf(trial);
  if (failure === undefined) continue;
  process.stdout.write(`${trial.what}:\n${failure}\n`);
  process.exitCode = 1;
}
