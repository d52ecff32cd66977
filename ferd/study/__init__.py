"""What every stage shares: settings, results, costs, progress, the pipeline in dvc.yaml."""
