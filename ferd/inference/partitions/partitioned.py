"""Implements `ferd predict` in partitions: on a cluster, or into Parquet files."""

import os
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

from ferd.inference.classifier import Classifier
from ferd.inference.loading import load_classifier
from ferd.inference.partitions.parts import SIZE, Outcome, Settings, Text, split
from ferd.inference.reading.frames import Problem, printable, problem_line
from ferd.inference.reading.listing import Sources, list_sources
from ferd.inference.reading.sidecars import passed_over
from ferd.inference.writing.outputs import open_output, progress
from ferd.inference.writing.prediction_rows import RowWriter, columns


def predict(options: Namespace) -> int:
    """Predicts all files, partition by partition, on this machine or on a cluster's workers.

    Args:
        options: As `ferd.cli.main` parses them.

    Returns:
        Exit status: 1 if something could not be read, else 0.

    Raises:
        ModelError: As in `OnnxNetwork`.
        ModuleNotFoundError: If `distributed` or `pyarrow` is needed and not installed.
        OSError: If an output cannot be written or no scheduler answers.
    """
    # Workers share the cores already; a network on all of them would only slow the others down.
    classifier = load_classifier(options, options.threads or (1 if options.cluster else None))
    problems = count = 0
    unlisted: list[Problem] = []
    passed: Counter[str] = Counter()
    with ExitStack() as stack:
        outcomes = _outcomes(classifier, options, stack, unlisted, passed)
        write = _writer(classifier, options, stack)
        bar = stack.enter_context(progress(options))
        for outcome in outcomes:
            count += 1
            bar.update(outcome.frames)
            write(outcome.text)
            for line in outcome.problems:
                bar.write(line, file=sys.stderr)
            problems += len(outcome.problems)
    if passed:
        print(passed_over(passed), file=sys.stderr)
    if options.format == "parquet":
        from ferd.inference.partitions.parquet_parts import tidy

        # A drive that is away for once must not cost the rows of its photos.
        if unlisted:
            line = f"ferd: {options.output} keeps later parts of earlier runs"
            print(printable(line), file=sys.stderr)
        else:
            tidy(options.output, count)
    return 1 if problems else 0


def _outcomes(
    classifier: Classifier,
    options: Namespace,
    stack: ExitStack,
    unlisted: list[Problem],
    passed: Counter[str],
) -> Iterator[Outcome]:
    """Starts what is needed; the iterator does the work, and notes what could not be listed."""
    skip = [options.output] if options.output else []
    work: Callable[..., Outcome] = Text(Settings.of(options))
    if options.format == "parquet":
        from ferd.inference.partitions.parquet_parts import Part, only_command

        for name in options.paths:
            if isinstance(first := next(list_sources([name], skip)), Problem):
                raise SystemExit(problem_line(first))
        os.makedirs(options.output, exist_ok=True)
        stack.enter_context(only_command(options.output))
        work = Part(os.path.abspath(options.output), Settings.of(options))
    sources = _noted(list_sources(options.paths, skip, passed), unlisted)
    partitions = split(sources, options.partition_size or SIZE)
    if not options.cluster:
        return (work(classifier, number, sources) for number, sources in partitions)
    from ferd.inference.partitions.on_cluster import connected, run

    client = stack.enter_context(connected(options.cluster))
    # Closed before the client, whatever ends the loop.
    return stack.enter_context(closing(run(client, classifier, partitions, work)))


def _noted(sources: Sources, problems: list[Problem]) -> Sources:
    for source in sources:
        if isinstance(source, Problem):
            problems.append(source)
        yield source


def _writer(
    classifier: Classifier, options: Namespace, stack: ExitStack
) -> Callable[[str], object]:
    if options.format == "parquet":
        return lambda text: None
    stream = stack.enter_context(open_output(options.output))
    # Writes CSV's header, which no partition has.
    RowWriter(stream, columns(classifier.network.classes, options.top_k), options.format)

    def write(text: str) -> None:
        stream.write(text)
        stream.flush()

    return write
