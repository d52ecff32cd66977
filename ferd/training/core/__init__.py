"""What every training needs: batches, feeding, arithmetic, checkpoints, saving."""
