"""The layers of the paper's network and of its ablation with attention."""
