"""What changes the files of every stage: how they are written, and on what arithmetic."""
