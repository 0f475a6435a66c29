export { findJava } from './find-java.ts';
export { inParallel } from './in-parallel.ts';
export { jarSets, jars, jarVersion } from './jars.ts';
export { type PythonEnvironment, pythonEnvironment } from './python-environment.ts';
