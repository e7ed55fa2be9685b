// What the streams library of mqtt.js asks of Node's `process`.
exports.nextTick = (callback, ...values) => queueMicrotask(() => callback(...values));
exports.env = {};
exports.browser = true;
exports.version = '';
exports.versions = {};
exports.emitWarning = () => {};
