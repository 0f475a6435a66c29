export { findJava } from './find-java.ts';
export { jarSets, jars } from './jars.ts';
export { type PythonEnvironment, pythonEnvironment } from './python-environment.ts';
