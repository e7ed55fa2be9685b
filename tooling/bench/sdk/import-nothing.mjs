// What is subtracted: the start of Node.
export {};
