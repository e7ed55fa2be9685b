// The code of what the contract declares, apart from the program that starts it: a test needs no broker for it.
import { HelloExample } from './contract.js';

export const hello = HelloExample.implement({
  async say_hello_to_name(name, { emit }) {
    // The event leaves now, not when the handler ends.
    await emit('hello_event', `${name} requested a salutation!`);
    return `Hello, ${name}!`;
  },
  status: () => 'Up',
});
