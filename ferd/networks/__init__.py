"""The networks: layers and nothing else."""
