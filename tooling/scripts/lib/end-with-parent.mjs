// Loaded before a program (`node --import`) that must not outlive the one that started it, even when that one is
// killed outright: its IPC channel closes then.
process.on('disconnect', () => {
  try {
    // With all that it started, where it leads a process group.
    process.kill(-process.pid, 'SIGTERM');
  } catch {
    process.kill(process.pid, 'SIGTERM');
  }
});
// The channel alone is no reason to go on living.
process.channel?.unref();
