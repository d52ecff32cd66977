"""Predicts large folders in parts, on a cluster or into Parquet files."""
