// Mocha runs what tsc built. In CI nothing may be pending: what a test needs is installed there.
module.exports = {
  timeout: 20_000,
  slow: 2_000,
  forbidOnly: process.env.CI !== undefined,
  forbidPending: process.env.CI !== undefined,
};
