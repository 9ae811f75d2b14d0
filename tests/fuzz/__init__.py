"""Seeded fuzzer of the project: mutated files and options, answered by a result or by one French refusal, never otherwise."""
