"""Trains recipes on one GPU, with Keras on JAX."""
