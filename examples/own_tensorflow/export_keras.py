"""Writes a Keras classifier as a SavedModel that DEL-Step trains as a node's model.

    python export_keras.py FOLDER

The last lines make a small network; put your own in its place, or `from export_keras import export`.
"""
import re
import sys

import tensorflow as tf


def export(model, optimizer, folder):
    """The model takes [batch, ...] and returns logits [batch, classes]; the optimizer is any of
    Keras. What a node learns lies in the variables of both, read and written by four signatures.
    A fifth one tells the optimizer's learning rate, which counts unless training.lr is set."""
    own_rate = tf.constant(float(tf.convert_to_tensor(optimizer.learning_rate)), tf.float32)
    optimizer.build(model.trainable_variables)
    loss_of = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    x = tf.TensorSpec([None, *model.input_shape[1:]], model.inputs[0].dtype, "x")
    y = tf.TensorSpec([None], tf.int64, "y")
    rate = tf.TensorSpec([], tf.float32, "lr")
    weights = named("w", model.weights)
    # Some optimizers keep the learning rate in a variable: it comes with each step instead.
    own = [v for v in tensors(optimizer.variables) if "learning_rate" not in v.name]
    rest = [v for v in tensors(model.variables) if not any(v is w for w in tensors(model.weights))]
    state = named("s", own + rest)

    @tf.function(input_signature=[x, y, rate])
    def train(x, y, lr):
        optimizer.learning_rate.assign(lr)
        with tf.GradientTape() as tape:
            loss = loss_of(y, model(x, training=True))
            loss += sum(model.losses)
        optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables),
                                      model.trainable_variables))
        return {"loss": loss}

    @tf.function(input_signature=[x, y])
    def evaluate(x, y):
        logits = model(x, training=False)
        right = tf.equal(tf.argmax(logits, 1), y)
        return {"loss": loss_of(y, logits), "correct": tf.reduce_sum(tf.cast(right, tf.int64))}

    module = tf.Module()
    module.held = [*tensors(model.weights), *rest, *tensors(optimizer.variables),
                   *tensors([optimizer.learning_rate])]
    signatures = {"train": train, "evaluate": evaluate,
                  "get_rate": tf.function(lambda: {type(optimizer).__name__: own_rate},
                                          input_signature=[])}
    for name, variables in (("weights", weights), ("state", state)):
        signatures["get_" + name] = getter(variables)
        signatures["set_" + name] = setter(variables)
    tf.saved_model.save(module, folder, signatures=signatures)


def tensors(variables):
    """Keras 3 wraps TensorFlow's variables."""
    found = variables() if callable(variables) else variables
    return [getattr(v, "value", v) if not isinstance(v, tf.Variable) else v for v in found]


def named(kind, variables):
    """Signatures tell their arguments by name: numbered, and said in letters that a name may have."""
    return {f"{kind}{i:04d}_" + re.sub(r"\W+", "_", v.name.split(":")[0]): v
            for i, v in enumerate(variables)}


def getter(variables):
    return tf.function(lambda: {n: tf.identity(v) for n, v in variables.items()},
                       input_signature=[]).get_concrete_function()


def setter(variables):
    def assign(**values):
        for name, variable in variables.items():
            variable.assign(values[name])
        return {"done": tf.constant(1)}

    specs = {n: tf.TensorSpec(v.shape, v.dtype, n) for n, v in variables.items()}
    return tf.function(assign).get_concrete_function(**specs)


if __name__ == "__main__":
    tf.keras.utils.set_random_seed(1)
    network = tf.keras.Sequential([
        tf.keras.layers.Input([28, 28, 1]),
        tf.keras.layers.Conv2D(8, 5, strides=2, activation="relu"),
        tf.keras.layers.BatchNormalization(),
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dropout(0.2),
        tf.keras.layers.Dense(10),
    ])
    export(network, tf.keras.optimizers.Adam(), sys.argv[1])
