"""The settings of the exported code, and the statements that train with them."""

from __future__ import annotations

from textwrap import indent

from fmnist_core.labels import CLASS_NAMES
from fmnist_core.model.code.callbacks import one_hot, sets_every_rate
from fmnist_core.model.code.layout import call, number, source
from fmnist_core.specs import Experiment
from fmnist_core.specs.train import TrainSpec


def constants(train: TrainSpec, train_size: int) -> str:
    """Write the settings that a reader may want to change, at the top of the code.

    Args:
        train: The training.
        train_size: Training images of an epoch, copies included.
    """
    per_epoch = f"math.ceil({number(train_size)} / BATCH_SIZE)  # to see each training image once"
    lines = [
        f"STEPS = {number(train.steps)}" if train.steps else f"EPOCHS = {number(train.epochs)}",
        f"BATCH_SIZE = {number(train.batch_size)}",
        f"LEARNING_RATE = {number(train.learning_rate)}",
    ]
    if train.schedule == "step" or (train.reduce_lr and train.schedule != "constant"):
        lines.append(f"DROP_FACTOR = {number(train.drop_factor)}")
    if train.schedule == "step":
        lines.append(f"DROP_EVERY = {number(train.drop_every)}")
    lines += [
        f"SEED = {number(train.seed)}  # of first weights, dropout and the order of the images",
        f"STEPS_PER_EPOCH = {per_epoch}",
    ]
    if train.steps:
        lines.append("EPOCHS = math.ceil(STEPS / STEPS_PER_EPOCH)  # the last one is cut short")
    elif train.schedule in ("cosine", "one_cycle"):
        lines.append("STEPS = EPOCHS * STEPS_PER_EPOCH")
    return "\n".join([*lines, *_class_weights(train)])


def _class_weights(train: TrainSpec) -> list[str]:
    if not train.class_weights:
        return []
    rows = [
        f"        {number(weight)},  # {name}"
        for weight, name in zip(train.class_weights, CLASS_NAMES, strict=True)
    ]
    return ["CLASS_WEIGHTS = np.array(", "    [", *rows, "    ]", ")"]


def fit_statements(experiment: Experiment, *, from_logits: bool) -> str:
    """Write the statements that compile and train `model`."""
    train = experiment.train
    return source(
        """
        <rate>
        model.compile(
            <optimizer>
            <loss>
            metrics=["accuracy"],
        )
        model.fit(
            shuffled_batches(*train),
            steps_per_epoch=STEPS_PER_EPOCH,
            epochs=EPOCHS,
            shuffle=False,  # the batches are shuffled already
            validation_data=validation,
            validation_batch_size=500,  # larger is faster, and changes nothing
            <callbacks>
        )
        """,
        rate=_COSINE if _decays_in_keras(train) else "",
        optimizer=_optimizer(train),
        loss=_loss(train, one_hot=one_hot(experiment), from_logits=from_logits),
        callbacks=_callbacks(train),
    )


_COSINE = """\
# From LEARNING_RATE down to 0 along half a cosine wave.
rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, decay_steps=STEPS)"""


def _decays_in_keras(train: TrainSpec) -> bool:
    return train.schedule == "cosine" and not sets_every_rate(train)


def _optimizer(train: TrainSpec) -> str:
    """Write the optimizer as `training.optimizers` makes it."""
    names = {"adamw": "AdamW", "sgd": "SGD", "rmsprop": "RMSprop"}
    arguments = ["rate" if _decays_in_keras(train) else "LEARNING_RATE"]
    if train.optimizer in ("sgd", "rmsprop") and train.momentum:
        arguments.append(f"momentum={number(train.momentum)}")
    if train.optimizer == "sgd" and train.nesterov:
        arguments.append("nesterov=True")
    if train.optimizer == "adamw":
        arguments.append(f"weight_decay={number(train.weight_decay)}")
    if train.ema_momentum:
        arguments += ["use_ema=True", f"ema_momentum={number(train.ema_momentum)}"]
    name = names.get(train.optimizer, train.optimizer.capitalize())
    return call(f"optimizer=keras.optimizers.{name}", arguments, ",", column=8)


def _loss(train: TrainSpec, *, one_hot: bool, from_logits: bool) -> str:
    arguments = ["from_logits=True"] if from_logits else []
    if train.label_smoothing:
        arguments.append(f"label_smoothing={number(train.label_smoothing)}")
    kind = "CategoricalCrossentropy" if one_hot else "SparseCategoricalCrossentropy"
    return call(f"loss=keras.losses.{kind}", arguments, ",", column=8)


def _callbacks(train: TrainSpec) -> str:
    calls: list[tuple[str, list[str]]] = [("BestWeights", [])]
    if train.ema_momentum:  # in front: what is judged and kept is the average
        calls.insert(0, ("keras.callbacks.SwapEMAWeights", ["swap_on_epoch=True"]))
    if train.steps:
        calls.append(("StopAfterSteps", []))
    if sets_every_rate(train):
        calls.append(("SetLearningRate", []))
    elif train.schedule == "step":
        calls.append(("keras.callbacks.LearningRateScheduler", ["learning_rate"]))
    elif train.reduce_lr:
        factor, patience = number(train.drop_factor), number(train.reduce_lr)
        arguments = [f"factor={factor}", f"patience={patience}", "min_delta=0"]
        calls.append(("keras.callbacks.ReduceLROnPlateau", arguments))
    if train.early_stopping:
        patience = number(train.early_stopping)
        calls.append(("keras.callbacks.EarlyStopping", [f"patience={patience}"]))
    if len(calls) == 1:
        return "callbacks=[BestWeights()],"
    rows = [call(name, arguments, ",", column=12) for name, arguments in calls]
    return "\n".join(["callbacks=[", *(indent(row, "    ") for row in rows), "],"])
