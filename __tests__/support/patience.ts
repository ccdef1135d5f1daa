/** Tests that run other programs take longer than Jest's five seconds. */
jest.setTimeout(15 * 60_000);
