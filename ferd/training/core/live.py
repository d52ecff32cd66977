"""Shows the epochs of a running training with DVCLive."""

import shutil
from pathlib import Path

import keras


class LiveEpochs(keras.callbacks.Callback):
    """Writes the scores of each epoch to a folder while training, and deletes it at the end.

    `dvc exp show`, `dvc metrics show`, `dvc plots show` and VS Code's DVC extension read the
    folder; report.html in it shows the curves and reloads itself. After a killed training the
    folder stays, and the resumed one goes on in it. A training goes on if the folder cannot be
    written; a line says so.

    Args:
        folder: It gets metrics.json, plots/, report.html, and a dvc.yaml that lists them.
    """

    def __init__(self, folder):
        super().__init__()
        self.folder, self.writer, self.failed = Path(folder), None, False

    def on_epoch_end(self, epoch, logs=None):
        if self.failed:
            return
        try:
            self._write(epoch, logs or {})
        except Exception as error:  # no training is to end because nobody can watch it
            self.failed = True
            print(f"{self.folder} is not written any more: {error}", flush=True)

    def on_train_end(self, logs=None):
        # Not Live.end(), which adds the folder to git's index under `dvc exp run`.
        shutil.rmtree(self.folder, ignore_errors=True)

    def _write(self, epoch, logs):
        # Opened here, as only now it is known whether the training was resumed.
        self.writer = self.writer or self._open(resume=epoch > 0)
        self.writer.step = epoch + 1
        for name, value in logs.items():
            self.writer.log_metric(name, float(value))
        self.writer.sync()

    def _open(self, resume):
        # It imports DVC, which takes a second.
        from dvclive import Live

        return Live(
            str(self.folder),
            resume=resume,
            report="html",
            save_dvc_exp=False,
            dvcyaml=str(self.folder / "dvc.yaml"),
        )


def live_epochs(run, settings):
    """The callbacks of a run that show its epochs: one, or none where they are switched off.

    Args:
        run: The run's name.
        settings: Section `live` of params.yaml.
    """
    return [LiveEpochs(Path("live", run))] if settings["enabled"] else []
