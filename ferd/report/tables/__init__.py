"""Tables of docs/tables.md, report.md and experiments.md."""
