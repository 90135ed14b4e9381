"""Three steps of Adam, of AdamW, of SGD with momentum and of RMSprop, in double, after the formulas in the
documentation of torch.optim. Prints the numbers that optimizers_test.cc expects:
python3 optimizer_oracle.py"""
import math

WEIGHTS = [0.5, -0.25]
GRADIENTS = [[0.1, -0.2], [0.3, 0.05], [-0.4, 0.0]]
LR, DECAY, MOMENTUM = 0.01, 0.1, 0.9

w, m, v = list(WEIGHTS), [0.0, 0.0], [0.0, 0.0]
for t, gradient in enumerate(GRADIENTS, start=1):
    for i in range(2):
        g = gradient[i] + DECAY * w[i]
        m[i] = 0.9 * m[i] + 0.1 * g
        v[i] = 0.999 * v[i] + 0.001 * g * g
        w[i] -= LR * (m[i] / (1 - 0.9**t)) / (math.sqrt(v[i] / (1 - 0.999**t)) + 1e-8)
    print("adam", t, "w", w, "m", m, "v", v)

w, m, v = list(WEIGHTS), [0.0, 0.0], [0.0, 0.0]
for t, gradient in enumerate(GRADIENTS, start=1):
    for i in range(2):
        g = gradient[i]
        w[i] -= LR * DECAY * w[i]
        m[i] = 0.9 * m[i] + 0.1 * g
        v[i] = 0.999 * v[i] + 0.001 * g * g
        w[i] -= LR * (m[i] / (1 - 0.9**t)) / (math.sqrt(v[i] / (1 - 0.999**t)) + 1e-8)
    print("adamw", t, "w", w, "m", m, "v", v)

w, velocity = list(WEIGHTS), None
for t, gradient in enumerate(GRADIENTS, start=1):
    g = [gradient[i] + DECAY * w[i] for i in range(2)]
    velocity = g if velocity is None else [MOMENTUM * velocity[i] + g[i] for i in range(2)]
    w = [w[i] - LR * velocity[i] for i in range(2)]
    print("sgd", t, "w", w, "velocity", velocity)

for momentum in 0.0, MOMENTUM:
    w, square, velocity = list(WEIGHTS), [0.0, 0.0], [0.0, 0.0]
    for t, gradient in enumerate(GRADIENTS, start=1):
        for i in range(2):
            g = gradient[i] + DECAY * w[i]
            square[i] = 0.99 * square[i] + 0.01 * g * g
            velocity[i] = momentum * velocity[i] + g / (math.sqrt(square[i]) + 1e-8)
            w[i] -= LR * velocity[i]
        print("rmsprop", momentum, t, "w", w, "square", square, "velocity", velocity)
