"""A Keras loop, as one writes it: a compiled model per node, fit, get_weights, set_weights, evaluate."""
import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy
import tensorflow

import workload as w


def network():
    model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(32, activation="relu"),
                              keras.layers.Dropout(0.2), keras.layers.Dense(10)])
    model.compile(optimizer=keras.optimizers.Adam(w.RATE), metrics=["accuracy"],
                  loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def train(model, x, y):
    model.fit(x, y, batch_size=w.BATCH, epochs=w.EPOCHS, verbose=0)


def average(models):
    means = [numpy.mean(parts, axis=0) for parts in zip(*(m.get_weights() for m in models))]
    for model in models:
        model.set_weights(means)


def test(models, x, y):
    """Of 512 examples at a time, by which Keras is at its fastest here."""
    return sum(m.evaluate(x, y, batch_size=512, verbose=0)[1] for m in models) / len(models)


def main():
    tensorflow.config.threading.set_intra_op_parallelism_threads(1)
    tensorflow.config.threading.set_inter_op_parallelism_threads(1)
    watch = w.Watch()
    keras.utils.set_random_seed(1)
    nodes = watch.time("create", w.digits)
    data = [tuple(part.numpy() for part in n[0]) for n in nodes]
    held_out = tuple(part.numpy() for part in w.union(nodes))
    models = [network() for _ in nodes]
    for model in models:
        model.set_weights(models[0].get_weights())
    for _ in range(w.CYCLES):
        watch.time("train", lambda: [train(m, *own) for m, own in zip(models, data)])
        watch.time("ag", lambda: average(models))
        right = watch.time("test", lambda: test(models, *held_out))
    watch.report("Keras loop", right, f"Keras {keras.__version__}, TensorFlow {tensorflow.__version__}")


main()
