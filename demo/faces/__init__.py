"""Rendered portraits of six people who do not exist, for demos and tests: no photograph of anybody is needed."""
