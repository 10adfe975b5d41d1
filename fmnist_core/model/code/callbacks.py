"""The batches, schedules and callbacks of the exported code."""

from __future__ import annotations

from fmnist_core.model.code.layout import number, source
from fmnist_core.specs import Experiment
from fmnist_core.specs.train import TrainSpec

_BATCHES = '''
    def shuffled_batches(x, y):
        """Yield batches without end: each epoch all images once, in an order of its own."""
        for epoch in itertools.count():
            order = np.random.default_rng([SEED, epoch]).permutation(len(x))
            <rng>
            for start in range(0, len(x), BATCH_SIZE):
                batch = order[start : start + BATCH_SIZE]
                <batch>
'''

_BEST_WEIGHTS = '''
    class BestWeights(keras.callbacks.Callback):
        """Ends with the weights of the epoch that was best on the validation images."""

        best = (-1.0, 0.0)

        def on_epoch_end(self, epoch, logs):
            rank = (logs["val_accuracy"], -logs["val_loss"])  # the loss decides between equals
            if rank > self.best:
                self.best, self.weights = rank, self.model.get_weights()

        def on_train_end(self, logs):
            self.model.set_weights(self.weights)
'''

_STOP_AFTER_STEPS = '''
    class StopAfterSteps(keras.callbacks.Callback):
        """Ends the training after STEPS batches; Keras itself counts whole epochs."""

        step = 0

        def on_train_batch_end(self, batch, logs):
            self.step += 1
            self.model.stop_training = self.step >= STEPS
'''

_STEP_BY_EPOCH = '''
    def learning_rate(epoch):
        """Return the rate of an epoch, from 0: times DROP_FACTOR every DROP_EVERY epochs."""
        return LEARNING_RATE * DROP_FACTOR ** (epoch // DROP_EVERY)
'''

_RATES = {
    "step": '''
        def learning_rate(step):
            """Return the rate of a step, from 0: times DROP_FACTOR every DROP_EVERY epochs."""
            return LEARNING_RATE * DROP_FACTOR ** (step // STEPS_PER_EPOCH // DROP_EVERY)
    ''',
    "cosine": '''
        def learning_rate(step):
            """Return the rate of a step, from 0: down to 0 along half a cosine wave."""
            return LEARNING_RATE * 0.5 * (1 + math.cos(math.pi * step / STEPS))
    ''',
    "one_cycle": '''
        def learning_rate(step):
            """Return the rate of a step, from 0: up for the first 30 %, then down to almost 0."""
            start, end = 1 / 25, 1 / 250_000
            peak = max(1, 0.3 * STEPS)
            if step < peak:
                return LEARNING_RATE * (1 + (start - 1) * fall(step / peak))
            return LEARNING_RATE * (end + (1 - end) * fall((step - peak) / max(1, STEPS - peak)))


        def fall(progress):
            """Go from 1 at progress 0 to 0 at progress 1 along half a cosine wave."""
            return 0.5 * (1 + math.cos(math.pi * progress))
    ''',
}

_SET_RATE = '''
    class SetLearningRate(keras.callbacks.Callback):
        """Sets the learning rate before every step."""

        step = 0

        def on_train_batch_begin(self, batch, logs):
            self.model.optimizer.learning_rate = learning_rate(self.step)
            self.step += 1
'''

_SET_AND_REDUCE_RATE = '''
    class SetLearningRate(keras.callbacks.Callback):
        """Sets the rate before every step: the schedule's, times DROP_FACTOR for each plateau."""

        step, factor, best, waited = 0, 1.0, math.inf, 0

        def on_train_batch_begin(self, batch, logs):
            self.model.optimizer.learning_rate = learning_rate(self.step) * self.factor
            self.step += 1

        def on_epoch_end(self, epoch, logs):
            self.waited = 0 if logs["val_loss"] < self.best else self.waited + 1
            self.best = min(self.best, logs["val_loss"])
            if self.waited == <patience>:
                self.factor, self.waited = self.factor * DROP_FACTOR, 0
'''


def one_hot(experiment: Experiment) -> bool:
    """Say whether the loss needs labels as rows: each is spread over classes, or mixed."""
    return experiment.train.label_smoothing > 0 or experiment.augment.mixes


def training_functions(experiment: Experiment) -> list[str]:
    """Write the batches, the schedule and the callbacks that Keras does not have."""
    train = experiment.train
    parts = [_batches(experiment), source(_BEST_WEIGHTS)]
    if train.steps:
        parts.append(source(_STOP_AFTER_STEPS))
    if sets_every_rate(train):
        parts.append(source(_RATES[train.schedule]))
        by = _SET_AND_REDUCE_RATE if train.reduce_lr else _SET_RATE
        parts.append(source(by, patience=number(train.reduce_lr)))
    elif train.schedule == "step":
        parts.append(source(_STEP_BY_EPOCH))
    return parts


def _batches(experiment: Experiment) -> str:
    changed = bool(experiment.augment.on_the_fly.active)
    images, labels = ("images", "labels") if changed else ("x[batch]", "y[batch]")
    weights = ""
    if experiment.train.class_weights:
        rows = one_hot(experiment)
        weights = f", {labels} @ CLASS_WEIGHTS" if rows else f", CLASS_WEIGHTS[{labels}]"
    made = "images, labels = augment(x[batch], y[batch], rng)\n" if changed else ""
    return source(
        _BATCHES,
        rng="rng = np.random.default_rng([SEED, 1, epoch])  # of the changes" if changed else "",
        batch=f"{made}yield {images}, {labels}{weights}",
    )


def sets_every_rate(train: TrainSpec) -> bool:
    """Say whether the rate needs a callback of our own; Keras cannot reduce a schedule's rate."""
    reduced = train.reduce_lr > 0 and train.schedule != "constant"
    return reduced or train.schedule == "one_cycle"
