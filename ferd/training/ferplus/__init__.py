"""Trains residual networks for FER+'s own benchmark, which has eight classes."""
