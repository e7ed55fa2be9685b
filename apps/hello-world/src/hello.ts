// The code of what the contract declares, apart from the program that starts it: a test needs no broker for it.
import { HelloExample } from './contract.js';

export const hello = HelloExample.implement({
  say_hello_to_name: (name) => `Hello, ${name}!`,
  status: () => 'Up',
});
