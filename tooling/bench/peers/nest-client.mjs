// NestJS microservices over RabbitMQ, as its documentation writes it.
import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { ClientProxyFactory } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import { closedLoop } from '../lib/closed-loop.mjs';
import { settings, takeCommands } from '../lib/commands.mjs';
import { rmqOptions } from './nest-options.mjs';

// Its log would go where the answers to commands go.
Logger.overrideLogger(false);

const client = ClientProxyFactory.create(rmqOptions(settings()));
await client.connect();

/** @param {string} payload */
const ask = (payload) => firstValueFrom(client.send('echo', payload));

await takeCommands({ measure: (load) => closedLoop(ask, load) }, { end: async () => client.close() });
