#!/usr/bin/env python3
"""Trains the digits model of this sample and writes it as ONNX.

Data:   the 1797 handwritten digits of 8x8 pixels, values 0 to 16, that ship with scikit-learn.
Writes: ../models/digits.onnx   input  `pixels`         float32 [batch, 64], values 0 to 16
                                output `probabilities`  float32 [batch, 10]
        ../data/held-out.csv    the digits that training never saw: label,p0,...,p63

Everything that is random is seeded, so a second run on the same machine writes the same bytes.
"""

import os

# One thread: a sum is then always taken in the same order. Must be set before numpy loads.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

ROOT = Path(__file__).resolve().parent.parent
MODEL_PATH = ROOT / "models" / "digits.onnx"
HELD_OUT_PATH = ROOT / "data" / "held-out.csv"

SPLIT_SEED = 20240
TRAINING_SEED = 7
TEST_SHARE = 0.25

CLASSES = 10
MAX_PIXEL = 16.0
LAYER_SIZES = [64, 160, 64, CLASSES]

# Chosen by 5-fold cross-validation inside the training part; the held-out part had no say.
EPOCHS = 400
BATCH_SIZE = 64
LEARNING_RATE = 3e-3
WEIGHT_DECAY = 1e-2
DROPOUT = 0.1
LABEL_SMOOTHING = 0.05
UNCHANGED_SHARE = 0.3  # of each epoch's digits, this share is shown as it is


def augment(pixels, rng):
    """Shifts by up to a pixel, slight rotation, scaling and shear, another intensity, some noise.

    This is what separates a digit drawn with a mouse from the scanned ones of the data set.
    """
    count = len(pixels)
    pad = 3
    padded = np.pad(pixels.reshape(count, 8, 8), ((0, 0), (pad, pad), (pad, pad)))

    def per_image(low, high):
        return rng.uniform(low, high, (count, 1, 1))

    angle, shear = per_image(-0.25, 0.25), per_image(-0.2, 0.2)
    scale_y, scale_x = np.exp(per_image(-0.25, 0.25)), np.exp(per_image(-0.25, 0.25))
    shift_y, shift_x = per_image(-1, 1), per_image(-1, 1)

    # Where each target pixel comes from, relative to the centre, then in the padded image.
    y, x = np.meshgrid(np.arange(8) - 3.5, np.arange(8) - 3.5, indexing="ij")
    source_y = scale_y * (np.cos(angle) * y - np.sin(angle) * x) + shift_y
    source_x = scale_x * (np.sin(angle) * y + np.cos(angle) * x) + shear * y + shift_x
    last = 8 + 2 * pad - 1
    source_y = np.clip(source_y + 3.5 + pad, 0, last - 1e-3)
    source_x = np.clip(source_x + 3.5 + pad, 0, last - 1e-3)

    # Bilinear interpolation between the four neighbours.
    y0, x0 = source_y.astype(int), source_x.astype(int)
    fy, fx = source_y - y0, source_x - x0
    image = np.arange(count)[:, None, None]
    warped = (1 - fy) * ((1 - fx) * padded[image, y0, x0] + fx * padded[image, y0, x0 + 1]) + fy * (
        (1 - fx) * padded[image, y0 + 1, x0] + fx * padded[image, y0 + 1, x0 + 1]
    )

    warped *= per_image(0.7, 1.2)
    warped += rng.normal(0, 1, warped.shape) * (warped > 0)  # on the strokes only
    return np.clip(warped, 0, MAX_PIXEL).reshape(count, 64).astype(np.float32)


def softmax(logits):
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exp / exp.sum(axis=1, keepdims=True)


def predict(layers, pixels):
    hidden = pixels / MAX_PIXEL
    for weight, bias in layers[:-1]:
        hidden = np.maximum(hidden @ weight + bias, 0)
    weight, bias = layers[-1]
    return softmax(hidden @ weight + bias)


def train(pixels, labels):
    """A multilayer perceptron (ReLU), cross-entropy, Adam with decoupled weight decay and a cosine schedule."""
    rng = np.random.default_rng(TRAINING_SEED)
    layers = []
    for fan_in, fan_out in zip(LAYER_SIZES, LAYER_SIZES[1:]):
        weight = rng.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out)).astype(np.float32)
        layers.append((weight, np.zeros(fan_out, np.float32)))

    parameters = [parameter for layer in layers for parameter in layer]
    first_moments = [np.zeros_like(parameter) for parameter in parameters]
    second_moments = [np.zeros_like(parameter) for parameter in parameters]
    targets = np.eye(CLASSES, dtype=np.float32)[labels] * (1 - LABEL_SMOOTHING) + LABEL_SMOOTHING / CLASSES

    count = len(pixels)
    total_steps = EPOCHS * -(-count // BATCH_SIZE)
    step = 0
    for _ in range(EPOCHS):
        shown = augment(pixels, rng)
        unchanged = rng.random(count) < UNCHANGED_SHARE
        shown[unchanged] = pixels[unchanged]
        order = rng.permutation(count)

        for start in range(0, count, BATCH_SIZE):
            step += 1
            batch = order[start : start + BATCH_SIZE]

            # Forward.
            activations, masks = [shown[batch] / MAX_PIXEL], []
            for weight, bias in layers[:-1]:
                hidden = np.maximum(activations[-1] @ weight + bias, 0)
                mask = (rng.random(hidden.shape) >= DROPOUT).astype(np.float32) / (1 - DROPOUT)
                masks.append(mask)
                activations.append(hidden * mask)
            weight, bias = layers[-1]
            probabilities = softmax(activations[-1] @ weight + bias)

            # Backward.
            gradients = [None] * len(parameters)
            gradient = (probabilities - targets[batch]) / len(batch)
            for index in reversed(range(len(layers))):
                gradients[2 * index] = activations[index].T @ gradient
                gradients[2 * index + 1] = gradient.sum(axis=0)
                if index > 0:
                    gradient = (gradient @ layers[index][0].T) * (activations[index] > 0) * masks[index - 1]

            # Update, in place.
            rate = LEARNING_RATE * 0.5 * (1 + np.cos(np.pi * step / total_steps))
            for parameter, value, first, second in zip(parameters, gradients, first_moments, second_moments):
                first += 0.1 * (value - first)
                second += 0.001 * (value**2 - second)
                change = (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
                decay = WEIGHT_DECAY if parameter.ndim == 2 else 0.0
                parameter -= rate * (change + decay * parameter)

    return layers


def build_model(layers):
    """Gemm + Relu per hidden layer, Gemm + Softmax at the end; the scaling by 1/16 goes into the first weights."""
    nodes, initializers = [], []
    current = "pixels"
    for number, (weight, bias) in enumerate(layers, start=1):
        is_last = number == len(layers)
        if number == 1:
            weight = weight / np.float32(MAX_PIXEL)  # exact: 16 is a power of two
        initializers.append(numpy_helper.from_array(np.ascontiguousarray(weight, np.float32), f"weight{number}"))
        initializers.append(numpy_helper.from_array(np.ascontiguousarray(bias, np.float32), f"bias{number}"))

        linear = "logits" if is_last else f"linear{number}"
        nodes.append(
            helper.make_node("Gemm", [current, f"weight{number}", f"bias{number}"], [linear], name=f"gemm{number}")
        )
        if is_last:
            nodes.append(helper.make_node("Softmax", [linear], ["probabilities"], name="softmax", axis=1))
        else:
            current = f"hidden{number}"
            nodes.append(helper.make_node("Relu", [linear], [current], name=f"relu{number}"))

    graph = helper.make_graph(
        nodes,
        "digits",
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["batch", 64])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", CLASSES])],
        initializers,
    )
    return helper.make_model(
        graph,
        producer_name="SecureInference samples/Digits",
        opset_imports=[helper.make_opsetid("", 13)],
        ir_version=7,
    )


def run_exported(model, pixels):
    """Runs the exported graph itself: onnx.reference where this version of onnx has it, else node by node."""
    try:
        from onnx.reference import ReferenceEvaluator
    except ImportError:
        values = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
        values["pixels"] = pixels
        operators = {"Gemm": lambda a, b, c: a @ b + c, "Relu": lambda a: np.maximum(a, 0), "Softmax": softmax}
        for node in model.graph.node:
            values[node.output[0]] = operators[node.op_type](*(values[name] for name in node.input))
        return values["probabilities"], "numpy, node by node"

    return ReferenceEvaluator(model).run(["probabilities"], {"pixels": pixels})[0], "onnx.reference"


def write_held_out(pixels, labels):
    lines = ["label," + ",".join(f"p{index}" for index in range(64))]
    lines += [",".join(str(int(value)) for value in (label, *row)) for label, row in zip(labels, pixels)]
    HELD_OUT_PATH.parent.mkdir(parents=True, exist_ok=True)
    HELD_OUT_PATH.write_bytes(("\n".join(lines) + "\n").encode("ascii"))


def accuracy(probabilities, labels):
    return float((probabilities.argmax(axis=1) == labels).mean())


def main():
    digits = load_digits()
    train_x, test_x, train_y, test_y = train_test_split(
        digits.data.astype(np.float32),
        digits.target,
        test_size=TEST_SHARE,
        stratify=digits.target,
        random_state=SPLIT_SEED,
    )

    layers = train(train_x, train_y)
    model = build_model(layers)
    onnx.checker.check_model(model, full_check=True)
    MODEL_PATH.parent.mkdir(parents=True, exist_ok=True)
    MODEL_PATH.write_bytes(model.SerializeToString())
    write_held_out(test_x, test_y)

    # From here on, only what was written counts: read both files back.
    exported = onnx.load(str(MODEL_PATH))
    onnx.checker.check_model(exported, full_check=True)
    held_out = np.loadtxt(HELD_OUT_PATH, delimiter=",", skiprows=1, dtype=np.int64)
    held_out_y, held_out_x = held_out[:, 0], held_out[:, 1:].astype(np.float32)

    train_p, _ = run_exported(exported, train_x)
    held_out_p, evaluator = run_exported(exported, held_out_x)
    distorted_p, _ = run_exported(exported, augment(held_out_x, np.random.default_rng(TRAINING_SEED)))
    difference = float(np.abs(held_out_p - predict(layers, held_out_x)).max())
    if difference > 1e-5:
        raise SystemExit(f"The exported graph differs from the trained network by {difference}.")

    parameter_count = sum(weight.size + bias.size for weight, bias in layers)
    wrong = int((held_out_p.argmax(axis=1) != held_out_y).sum())
    print(f"train accuracy:              {accuracy(train_p, train_y):.4f} ({len(train_y)} digits)")
    print(f"held-out accuracy:           {accuracy(held_out_p, held_out_y):.4f} ({len(held_out_y)} digits, {wrong} wrong)")
    print(f"held-out, distorted:         {accuracy(distorted_p, held_out_y):.4f}")
    print(f"parameters:                  {parameter_count}")
    print(f"exported graph:              checked, run with {evaluator}, largest difference {difference:.1e}")
    for path in (MODEL_PATH, HELD_OUT_PATH):
        print(f"{path.relative_to(ROOT).as_posix() + ':':<28} {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
