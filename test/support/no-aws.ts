// Before each test file that starts its own stand-ins: nothing around it says where AWS is. So no test reaches the account of whoever
// runs it, or the emulator that is there for test/emulators.
for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
