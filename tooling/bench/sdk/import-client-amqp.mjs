import '@intersect-sdk/client';
import '@intersect-sdk/transport-amqp';
