"""The size and the arithmetic of the paper's network, from the shapes of its Table I."""

SIDE, FILTERS, UNITS, CLASSES = 48, (64, 128, 256, 512), (512, 256), 7
KERNEL = 3 * 3


def convolutions():
    """Yields `(side, channels in, channels out)` of each convolution; pooling halves the side."""
    side, inputs = SIDE, 1
    for filters in FILTERS:
        yield side, inputs, filters
        side, inputs = side // 2, filters


def dense_layers():
    """Yields `(inputs, outputs)` of each dense layer, the softmax last."""
    side = SIDE // 2 ** len(FILTERS)
    inputs = side * side * FILTERS[-1]
    for units in (*UNITS, CLASSES):
        yield inputs, units
        inputs = units


def parameters():
    """Weights of the network: kernels, biases, and four numbers per channel of batch norm."""
    convolved = sum(KERNEL * inputs * filters + filters for _, inputs, filters in convolutions())
    dense = sum(inputs * units + units for inputs, units in dense_layers())
    return convolved + dense + 4 * sum((*FILTERS, *UNITS))


def multiply_adds():
    """Multiplications with an addition for one face: convolutions and dense layers."""
    convolved = sum(
        side * side * KERNEL * inputs * filters for side, inputs, filters in convolutions()
    )
    return convolved + sum(inputs * units for inputs, units in dense_layers())
