// NestJS microservices over RabbitMQ, as its documentation writes it; decorators are applied by hand, for want of a
// compiler that knows them.
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { settings, takeCommands } from '../lib/commands.mjs';
import { rmqOptions } from './nest-options.mjs';

class EchoController {
  /** @param {string} text */
  async echo(text) {
    return text;
  }
}
Controller()(EchoController);
Payload()(EchoController.prototype, 'echo', 0);
MessagePattern('echo')(
  EchoController.prototype,
  'echo',
  /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(EchoController.prototype, 'echo')),
);

class EchoModule {}
Module({ controllers: [EchoController] })(EchoModule);

const app = await NestFactory.createMicroservice(EchoModule, { ...rmqOptions(settings()), logger: false });
await app.listen();

await takeCommands({}, { end: () => app.close() });
